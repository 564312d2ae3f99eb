using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Audit;
using PracticPro.Sandbox;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Sandbox.Webhooks;
using PracticPro.Sync.Books;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.QuickBooks;

namespace PracticPro.Simulation.Sync;

/// <summary>A company's life at QuickBooks.</summary>
internal sealed class BooksLife : AccountLife
{
    private readonly Company books;

    /// <param name="tellsTo">Where notifications go; null for nowhere.</param>
    public BooksLife(World world, Random random, Uri? tellsTo)
        : base(world, random)
    {
        books = world.QuickBooks.Default;
        world.QuickBooks.Notices.Format = random.Next(2) == 0 ? NoticeFormat.CloudEvents : NoticeFormat.EventNotifications;
        world.QuickBooks.Notices.Scheme.Schema = world.QuickBooks.Notices.Format == NoticeFormat.CloudEvents ? "1.0" : "0.1";
        world.QuickBooks.Notices.Courier.Settings = tellsTo is null ? null : new WebhookSettings(tellsTo);
    }

    public override Provider Provider => QuickBooksConnector.Name;

    public override string Account => QuickBooksWorld.DefaultRealm;

    protected override bool RenewalsAreOnce => true;

    protected override string[] Paths => ["^/v3/company/.*/query", "^/v3/company/.*/cdc"];

    protected override string TokenPath => "^/oauth2/v1/tokens/bearer$";

    protected override string[] Reasons => ["ThrottleExceeded", "backendError"];

    public override void Fill() => BookSeeding.Fill(
        books, new Seeded(Random.Next(), "books"), Random.Next(2, 6), Random.Next(1, 8), Random.Next(1, 4));

    public override void ChangeOne() => books.Together(() =>
    {
        switch (Random.Next(4))
        {
            case 0 when Any(BookKind.Invoice) is { } invoice:
                books.Void(invoice);
                break;
            case 1 when Any(BookKind.Payment) is { } payment:
                books.Delete(payment);
                break;
            default:
                if (Any(BookKind.Customer) is { } customer)
                {
                    books.Edit(customer, new JsonObject
                    {
                        ["DisplayName"] = string.Create(CultureInfo.InvariantCulture, $"Renamed {Random.Next(1_000_000)}"),
                    });
                }

                break;
        }
    });

    // Nothing here is forgotten but changes of more than thirty days ago.
    public override void Forget()
    {
    }

    public override void Revoke() => World.QuickBooks.Grants.EndAll(books.Realm);

    public override void ExpireAccess() => World.QuickBooks.Grants.ExpireAccess(null);

    public override Task<bool> GrantLivesAsync(TenantScope scope, Connection connection, CancellationToken cancellation) =>
        Task.FromResult(World.QuickBooks.Grants.Alive(books.Realm) > 0);

    public override async Task<IReadOnlyList<string>> DifferencesAsync(
        TenantScope scope, Connection connection, CancellationToken cancellation) =>
    [
        .. await VersionsDifferAsync(scope, BookKinds.Customer, connection, static one => one.Version, There(BookKind.Customer), cancellation),
        .. await VersionsDifferAsync(scope, BookKinds.Invoice, connection, static one => one.Version, There(BookKind.Invoice), cancellation),
        .. await VersionsDifferAsync(scope, BookKinds.Payment, connection, static one => one.Version, There(BookKind.Payment), cancellation),
    ];

    private Dictionary<string, string> There(BookKind kind)
    {
        lock (books.Gate)
        {
            return books.All(kind).ToDictionary(static one => one.Id, static one => $"{one.SyncToken}");
        }
    }

    private BookEntity? Any(BookKind kind)
    {
        BookEntity[] all = [.. books.All(kind)];
        return all.Length == 0 ? null : all[Random.Next(all.Length)];
    }
}
