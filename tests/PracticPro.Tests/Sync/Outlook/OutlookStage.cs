using System.Text;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault;
using PracticPro.Vault;
using SandboxOptions = PracticPro.Sandbox.SandboxOptions;

namespace PracticPro.Tests.Sync.Outlook;

/// <summary>A sandbox, a door to it, and a mirror in memory that is kept in step by hand, one page a step.</summary>
internal sealed class OutlookStage : IAsyncDisposable
{
    public static readonly TenantId Tenant = TenantId.Parse("test-a");

    private readonly Dictionary<StreamName, string> points = [];
    private readonly CallBudget calls;

    private OutlookStage(MicrosoftClientOfTests sandbox, TenantKeys keys)
    {
        Sandbox = sandbox;
        Door = new EgressDoor(
            new EgressOptions { Homes = { [MicrosoftServices.Graph.Name] = sandbox.Host.Address } }, TimeProvider.System);
        calls = new CallBudget(new MemoryFleet(), new SyncOptions(), TimeProvider.System);
        Accounts = new OutlookAccounts(Door, calls);
        Connector = new OutlookConnector(Accounts, new OutlookChannels(Accounts, sandbox.Clock), sandbox.Clock);
        Tokens = new LentOutlookTokens(sandbox);
        Connection = new Connection(
            ConnectionId.New(TimeProvider.System),
            OutlookConnector.Name,
            new ConnectedAccount(SandboxOptions.DefaultOutlookAccount, SandboxOptions.DefaultOutlookAccount),
            ConnectionState.Active,
            [],
            PersonId.New(TimeProvider.System),
            SandboxClient.Start);
        var tenant = new TenantScope(new MemoryStorage(sandbox.Clock).For(Tenant), keys, new QueueBell(), sandbox.Clock);
        Scope = new ConnectorScope(tenant, Connection, Tokens);
    }

    public MicrosoftClientOfTests Sandbox { get; }

    public EgressDoor Door { get; }

    public OutlookAccounts Accounts { get; }

    public OutlookConnector Connector { get; }

    public LentOutlookTokens Tokens { get; }

    public Connection Connection { get; }

    public ConnectorScope Scope { get; }

    public PracticPro.Sync.Outlook.OutlookAccount Account => Accounts.Of(Tenant, Connection.Id, Tokens, CallPriority.Interactive);

    /// <summary>The account at the provider.</summary>
    public PracticPro.Sandbox.Microsoft.OutlookAccount There => Sandbox.Account;

    /// <summary>What is stored, by id.</summary>
    public Dictionary<string, MirroredItem> Mirror { get; } = new(StringComparer.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<OutlookStage> OpenAsync(bool filled = false) =>
        new(await MicrosoftClientOfTests.StartAsync(options => options with { Fill = filled }), await VaultFixture.Make().KeysAsync(Tenant));

    public async Task<IReadOnlyList<StreamName>> StreamsAsync() =>
        (await Connector.StreamsAsync(Scope, Cancellation)).Expect();

    public StreamName StreamOf(string wellKnown)
    {
        var folder = There.Mail[wellKnown];
        return FolderRole.Stream(FolderRole.ByWellKnownName.GetValueOrDefault(wellKnown, FolderRole.Other), folder.Key);
    }

    public async Task<Outcome<StreamPage>> StepAsync(StreamName stream, StreamRequest request)
    {
        var source = Connector.Source(Scope, stream);
        var fetched = await source.FetchAsync(request, id => ValueTask.FromResult(Mirror.GetValueOrDefault(id)), Cancellation);
        if (!fetched.Try(out var answers, out var why))
        {
            return why;
        }

        var before = source.Needs(request, answers).Where(Mirror.ContainsKey).ToDictionary(id => id, id => Mirror[id]);
        var reduced = source.Reduce(request, answers, before);
        if (reduced.Try(out var page, out _))
        {
            Assert.Equal(page, source.Reduce(request, answers, before).Expect(), PagesAreEqual);
            Apply(stream, page);
        }

        return reduced;
    }

    /// <summary>A complete reading. What it did not show is asked about; only the provider's own word deletes.</summary>
    public async Task ReadAsync(StreamName stream)
    {
        var unseen = Mirror.Values.Where(item => item.Stream == stream).Select(item => item.SourceId).ToHashSet(StringComparer.Ordinal);
        (await StepAsync(stream, new StreamRequest.Begin())).Expect();
        string? next = null;
        do
        {
            var page = (await StepAsync(stream, new StreamRequest.Read(null, next))).Expect();
            unseen.ExceptWith(page.Present.Select(item => item.SourceId));
            next = page.NextPage;
            if (page.NextPoint is { } point)
            {
                points[stream] = point;
            }
        }
        while (next is not null);
        (await StepAsync(stream, new StreamRequest.Ask([.. unseen.Where(Mirror.ContainsKey)]))).Expect();
    }

    /// <summary>Follows what changed to its end, reading anew where the provider forgot; any other failure that ended it.</summary>
    public async Task<Failure?> FollowAsync(StreamName stream)
    {
        string? next = null;
        do
        {
            var step = await StepAsync(stream, new StreamRequest.Follow(points[stream], next));
            if (step.Failure is SyncFailures.CursorExpired)
            {
                await ReadAsync(stream);
                return null;
            }

            if (!step.Try(out var page, out var why))
            {
                return why;
            }

            next = page.NextPage;
            points[stream] = page.NextPoint ?? points[stream];
        }
        while (next is not null);
        return null;
    }

    public async Task<Failure?> FollowOnceAsync(StreamName stream) =>
        (await StepAsync(stream, new StreamRequest.Follow(points[stream], null))).Failure;

    public async Task ReadAllAsync()
    {
        foreach (var stream in await StreamsAsync())
        {
            await ReadAsync(stream);
        }
    }

    public async Task FollowAllAsync()
    {
        foreach (var stream in points.Keys.ToArray())
        {
            Assert.Null(await FollowAsync(stream));
        }
    }

    /// <summary>The mirror holds the mail that is there, each where it lies and as it is marked, and nothing else.</summary>
    public void AssertMailInStep()
    {
        lock (There.Gate)
        {
            var there = There.Mail.Messages
                .Where(message => !message.IsDraft && !FolderRole.NotFollowed.Contains(message.Folder.WellKnown ?? ""))
                .Select(message => Told(message.Key.Immutable, StreamIn(message), message.IsRead, message.Flag == "flagged"));
            var here = Mirror.Values.OfType<MailMessage>().Select(mail =>
                Told(mail.SourceId, mail.Stream, !mail.Labels.Contains("UNREAD"), mail.Labels.Contains("STARRED")));
            Assert.Equal(there.Order(StringComparer.Ordinal), here.Order(StringComparer.Ordinal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        calls.Dispose();
        Door.Dispose();
        await Sandbox.DisposeAsync();
    }

    private static string Told(string id, StreamName stream, bool isRead, bool isFlagged) =>
        $"{id} {stream} {(isRead ? "read" : "unread")} {(isFlagged ? "flagged" : "")}";

    private static StreamName StreamIn(OutlookMessage message) => FolderRole.Stream(
        FolderRole.ByWellKnownName.GetValueOrDefault(message.Folder.WellKnown ?? "", FolderRole.Other), message.Folder.Key);

    private static bool PagesAreEqual(StreamPage left, StreamPage right) =>
        left.Present.Select(item => item.SourceId).SequenceEqual(right.Present.Select(item => item.SourceId))
        && left.Gone.SequenceEqual(right.Gone)
        && (left.NextPage, left.NextPoint) == (right.NextPage, right.NextPoint);

    // As the engine does it: what another stream showed last is not deleted.
    private void Apply(StreamName stream, StreamPage page)
    {
        Assert.Empty(page.Present.Select(item => item.SourceId).Intersect(page.Gone));
        Assert.Equal(page.Present.Length, page.Present.Select(item => item.SourceId).Distinct().Count());
        foreach (var item in page.Present)
        {
            Mirror[item.SourceId] = item;
        }

        foreach (var gone in page.Gone.Where(id => Mirror.TryGetValue(id, out var stored) && stored.Stream == stream))
        {
            Mirror.Remove(gone);
        }
    }
}

/// <summary>Access tokens that the sandbox lends without a consent page, with the permissions the connector asks for.</summary>
internal sealed class LentOutlookTokens(MicrosoftClientOfTests sandbox) : IAccessTokens
{
    private string text = Issue(sandbox);

    public int Renewals { get; private set; }

    public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(new Outcome<SealedToken>(new Lent(text)));

    public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation)
    {
        Renewals++;
        text = Issue(sandbox);
        return ValueTask.FromResult(new Outcome<SealedToken>(new Lent(text)));
    }

    private static string Issue(MicrosoftClientOfTests sandbox) => sandbox.World.Grants.IssueAccess(
        MicrosoftClient.Default,
        SandboxOptions.DefaultOutlookAccount,
        [MicrosoftScopes.ReadUser, MicrosoftScopes.ReadMailBasic, MicrosoftScopes.SendMail, MicrosoftScopes.WriteCalendars, MicrosoftScopes.WriteTasks])
        .Token;

    private sealed class Lent(string text) : SealedToken
    {
        public override Processor For => MicrosoftServices.Graph;

        public override TenantId Owner => OutlookStage.Tenant;

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<int>(Encoding.Latin1.GetBytes(text, into.Span)));
    }
}
