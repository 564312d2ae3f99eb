using System.Text;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Sync;
using PracticPro.Sync.Books;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.QuickBooks;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;
using Realm = PracticPro.Sync.QuickBooks.Realm;

namespace PracticPro.Tests.Sync.QuickBooks;

/// <summary>
/// The books of the sandbox's company, mirrored by a source through the real door: what a sync engine does with a source,
/// without its storage. The program's clock is days off, and must not matter.
/// </summary>
internal sealed class MirroredBooks : IAsyncDisposable
{
    private static readonly Func<string, ValueTask<MirroredItem?>> NothingKnown = static _ => ValueTask.FromResult<MirroredItem?>(null);
    private static readonly Dictionary<string, MirroredItem> NothingBefore = [];

    private readonly QuickBooksClient sandbox;
    private readonly EgressDoor door;
    private readonly CallBudget calls;
    private readonly Dictionary<StreamName, BookSource> sources = [];
    private readonly Dictionary<StreamName, string> points = [];
    private readonly Dictionary<StreamName, Dictionary<string, (MirroredItem Item, int Generation)>> mirror = [];
    private int generation;

    private MirroredBooks(QuickBooksClient sandbox)
    {
        this.sandbox = sandbox;
        var ours = TimeProvider.System;
        door = new EgressDoor(new EgressOptions { Homes = { [IntuitServices.QuickBooks.Name] = sandbox.Sandbox.Host.Address } }, ours);
        Tokens = new GrantedByHand(sandbox.Books);
        var realm = Realm.TryParse(QuickBooksWorld.DefaultRealm, out var known) ? known : throw new InvalidOperationException();
        var connection = ConnectionId.New(ours);
        var options = new SyncOptions { QuickBooksCallsPerSecond = 1_000, QuickBooksCallsPerMinute = 100_000 };
        calls = new CallBudget(new MemoryFleet(), options, ours);
        Company = new QuickBooksCompany(
            door, calls, ProviderBudgets.QuickBooks(options), Tokens, connection, realm, CallPriority.Interactive);
        foreach (var sort in BookSort.All)
        {
            sources[sort.Stream] = new BookSource(connection, sort, Company);
            mirror[sort.Stream] = [];
        }
    }

    public QuickBooksClient Outside => sandbox;

    public Company Books => sandbox.Company;

    public GrantedByHand Tokens { get; }

    public QuickBooksCompany Company { get; }

    /// <summary>Pages of complete readings so far.</summary>
    public int PagesRead { get; private set; }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<MirroredBooks> StartAsync(bool fill = false) => new(await QuickBooksClient.StartAsync(fill));

    public IReadOnlyList<T> Of<T>(BookSort sort)
        where T : MirroredItem => [.. mirror[sort.Stream].Values.Select(static kept => kept.Item).OfType<T>()];

    /// <summary>A complete reading of one sort, with something happening before each page but the first.</summary>
    public async Task ReadAsync(BookSort sort, Action<int>? beforePage = null)
    {
        generation++;
        points[sort.Stream] = (await StepAsync(sort, new StreamRequest.Begin())).NextPoint!;
        string? page = null;
        for (var number = 1; ; number++)
        {
            if (number > 1)
            {
                beforePage?.Invoke(number);
            }

            var read = await StepAsync(sort, new StreamRequest.Read(points[sort.Stream], page));
            PagesRead++;
            Assert.True(number < 50, "The reading does not end.");
            if ((page = read.NextPage) is null)
            {
                break;
            }
        }

        var unseen = mirror[sort.Stream].Where(kept => kept.Value.Generation < generation).Select(static kept => kept.Key).ToArray();
        if (unseen.Length > 0)
        {
            await StepAsync(sort, new StreamRequest.Ask([.. unseen]));
        }
    }

    /// <summary>Follows changes; reads anew where the source says that it must.</summary>
    public async Task FollowAsync(BookSort sort)
    {
        var outcome = await TryAsync(sort, new StreamRequest.Follow(points[sort.Stream], null));
        if (outcome.Failure is SyncFailures.CursorExpired)
        {
            await ReadAsync(sort);
            outcome = await TryAsync(sort, new StreamRequest.Follow(points[sort.Stream], null));
        }

        points[sort.Stream] = outcome.Expect().NextPoint!;
    }

    public async Task KeepInStepAsync()
    {
        foreach (var sort in BookSort.All)
        {
            await (points.ContainsKey(sort.Stream) ? FollowAsync(sort) : ReadAsync(sort));
        }
    }

    /// <summary>What a source says to one request, and what is kept of it.</summary>
    public async Task<Outcome<StreamPage>> TryAsync(BookSort sort, StreamRequest request)
    {
        var source = sources[sort.Stream];
        var fetched = await source.FetchAsync(request, NothingKnown, Ending);
        if (!fetched.Try(out var answers, out var why))
        {
            return why;
        }

        Answers = answers;
        var reduced = source.Reduce(request, answers, NothingBefore);
        if (reduced.Try(out var page, out _))
        {
            foreach (var item in page.Present)
            {
                mirror[sort.Stream][item.SourceId] = (item, generation);
            }

            foreach (var gone in page.Gone)
            {
                mirror[sort.Stream].Remove(gone);
            }
        }

        return reduced;
    }

    /// <summary>The last answers, as they would be kept.</summary>
    public ProviderAnswers? Answers { get; private set; }

    public string AnswersAsText() => string.Join('\n', Answers!.Each.Select(static answer => Encoding.UTF8.GetString(answer.Body.Span)));

    /// <summary>Holds the mirror against the books themselves.</summary>
    public void AssertInStep()
    {
        Assert.Equal(
            There(BookKind.Customer, static one => $"{one.Fields["DisplayName"]} {one.IsActive} {one.Amount("Balance"):0.##}"),
            Here<Customer>(BookSort.Customers, static one => $"{one.Version} {one.Name} {one.Active} {one.Owes.Amount:0.##}"));
        Assert.Equal(
            There(BookKind.Invoice, static one => $"{one.Reference("CustomerRef")} {one.Amount("TotalAmt"):0.##} {one.Amount("Balance"):0.##}"),
            Here<Invoice>(BookSort.Invoices, static one => $"{one.Version} {one.Customer} {one.Total.Amount:0.##} {one.Open.Amount:0.##}"));
        Assert.Equal(
            There(BookKind.Payment, static one => $"{one.Reference("CustomerRef")} {one.Amount("TotalAmt"):0.##} {one.Amount("UnappliedAmt"):0.##}"),
            Here<Payment>(BookSort.Payments, static one => $"{one.Version} {one.Customer} {one.Total.Amount:0.##} {one.Unapplied.Amount:0.##}"));
        Assert.Equal(0, sandbox.Books.Writes);
    }

    public async ValueTask DisposeAsync()
    {
        calls.Dispose();
        door.Dispose();
        await sandbox.DisposeAsync();
    }

    private IEnumerable<string> There(BookKind kind, Func<BookEntity, string> facts) =>
        Books.All(kind).Select(one => $"{one.Id} {one.SyncToken} {facts(one)}").Order(StringComparer.Ordinal);

    private IEnumerable<string> Here<T>(BookSort sort, Func<T, string> facts)
        where T : MirroredItem => Of<T>(sort).Select(one => $"{one.SourceId} {facts(one)}").Order(StringComparer.Ordinal);

    private async Task<StreamPage> StepAsync(BookSort sort, StreamRequest request) => (await TryAsync(sort, request)).Expect();
}

/// <summary>Access tokens of a grant that a test holds.</summary>
internal sealed class GrantedByHand(QuickBooksWorld books) : IAccessTokens
{
    private static readonly TenantId Practice = TenantId.Parse("test-a");

    private IntuitTokens granted = books.Grants.Give(QuickBooksWorld.DefaultClient, QuickBooksWorld.DefaultRealm);

    public int Renewals { get; private set; }

    public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<Outcome<SealedToken>>(new Held(granted.Access));

    public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation)
    {
        Renewals++;
        var renewed = books.Grants.Refresh(QuickBooksWorld.DefaultClient, granted.Refresh);
        granted = renewed ?? granted;
        return ValueTask.FromResult(renewed is null ? new SyncFailures.GrantDead() : new Outcome<SealedToken>(new Held(granted.Access)));
    }

    private sealed class Held(string access) : SealedToken
    {
        public override Processor For => IntuitServices.QuickBooks;

        public override TenantId Owner => Practice;

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation) =>
            ValueTask.FromResult<Outcome<int>>(Encoding.ASCII.GetBytes(access, into.Span));
    }
}
