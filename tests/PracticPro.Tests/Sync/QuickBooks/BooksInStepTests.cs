using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Storage;
using PracticPro.Sync.Books;
using PracticPro.Sync.Published;
using PracticPro.Sync.QuickBooks;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.QuickBooks;

/// <summary>A company's books through the whole program: connected, read, followed, nudged.</summary>
[Trait("Promise", "CARE-4")]
public sealed class BooksInStepTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connected_company_is_mirrored_and_stays_in_step_without_a_single_write()
    {
        await using var premises = await Premises.OpenAsync();
        var books = premises.Sandbox.World.QuickBooks.Default;
        BookSeeding.Fill(books, new Seeded(7, "books"), 10, 20, 10);
        var connection = (await QuickBooksConnectionTests.ConnectAsync(premises)).Expect();
        await premises.SettleAsync();
        await AssertInStepAsync(premises, connection);

        books.Edit(books.Find(BookKind.Customer, "1")!, new JsonObject { ["DisplayName"] = "Renamed" });
        books.Merge(books.Find(BookKind.Customer, "2")!, books.Find(BookKind.Customer, "3")!);
        books.Void(books.Find(BookKind.Invoice, "1")!);
        books.Delete(books.All(BookKind.Payment).Last());
        await premises.PassAsync(TimeSpan.FromMinutes(6));

        await AssertInStepAsync(premises, connection);
        Assert.Equal(0, premises.Sandbox.World.QuickBooks.Writes);
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_notification_has_the_change_fetched_at_once()
    {
        await using var premises = await Premises.OpenAsync();
        var books = premises.Sandbox.World.QuickBooks.Default;
        BookSeeding.Fill(books, new Seeded(7, "books"), 3, 3, 1);
        var connection = (await QuickBooksConnectionTests.ConnectAsync(premises)).Expect();
        await premises.SettleAsync();
        await premises.PassAsync(TimeSpan.FromSeconds(2));
        books.Edit(books.Find(BookKind.Customer, "1")!, new JsonObject { ["DisplayName"] = "Renamed" });

        var body = premises.Sandbox.World.QuickBooks.Notices.Compose(
            [new BookChange(books.Realm, BookKind.Customer, "1", BookOperation.Update, premises.Clock.GetUtcNow())]).Body;
        (await premises.PostAsync(
            QuickBooksConnector.Name, IntuitProof.Header, IntuitScheme.Sign(IntuitScheme.DefaultVerifier, body), body)).Expect();
        await premises.SettleAsync();

        await AssertInStepAsync(premises, connection);
    }

    private static async Task AssertInStepAsync(Premises premises, ConnectionId connection)
    {
        var books = premises.Sandbox.World.QuickBooks.Default;
        Assert.Equal(Versions(books, BookKind.Customer), await VersionsAsync(premises, BookKinds.Customer, connection, static one => one.Version));
        Assert.Equal(Versions(books, BookKind.Invoice), await VersionsAsync(premises, BookKinds.Invoice, connection, static one => one.Version));
        Assert.Equal(Versions(books, BookKind.Payment), await VersionsAsync(premises, BookKinds.Payment, connection, static one => one.Version));
    }

    private static IEnumerable<string> Versions(Company books, BookKind kind) =>
        books.All(kind).Select(static one => $"{one.Id}:{one.SyncToken}").Order(StringComparer.Ordinal);

    private static async Task<IEnumerable<string>> VersionsAsync<T>(
        Premises premises, RecordKind<T> kind, ConnectionId connection, Func<T, string> version)
        where T : MirroredItem
    {
        var scope = await premises.ScopeAsync();
        var page = await scope.Records.ListAsync(
            kind, RecordMirror<T>.ByGeneration, $"{connection}.", ListOrder.Ascending, 500, null, Ending);
        return page.Items.Select(item => $"{item.Value.SourceId}:{version(item.Value)}").Order(StringComparer.Ordinal);
    }
}
