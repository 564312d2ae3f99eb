using System.Text.Json.Nodes;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Storage;
using PracticPro.Sync.Books;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;
using PracticPro.Tests.Sync.QuickBooks;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.Contracts;

public sealed class QuickBooksContractTests : ConnectorContract
{
    private protected override async Task<IPlayedAccount> OpenAsync(int items, int pageSize = 100)
    {
        var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var books = premises.Sandbox.World.QuickBooks.Default;
        for (var item = 1; item <= items; item++)
        {
            books.Create(BookKind.Customer, new JsonObject { ["DisplayName"] = $"Customer {item}" });
        }

        await premises.KeepAsync(QuickBooksConnectionTests.ConnectAsync(premises));
        await premises.SettleAsync();
        return new Account(premises);
    }

    /// <summary>Customers from the start; what is added is an invoice to the last of them.</summary>
    private sealed class Account(Premises premises) : IPlayedAccount
    {
        private int edits;

        public Premises Premises => premises;

        private Company Books => premises.Sandbox.World.QuickBooks.Default;

        public Task<string> AddAsync(string text = "")
        {
            var customer = Books.All(BookKind.Customer).Last();
            var invoice = Books.Create(BookKind.Invoice, new JsonObject
            {
                ["CustomerRef"] = new JsonObject { ["value"] = customer.Id },
                ["TxnDate"] = "2027-02-20",
                ["TotalAmt"] = 80.25m,
                ["PrivateNote"] = text,
                ["Line"] = new JsonArray(new JsonObject { ["Amount"] = 80.25m, ["Description"] = text }),
            });
            return Task.FromResult(IdOf(invoice));
        }

        public Task EditAsync(string id)
        {
            var entity = Find(id);
            Books.Edit(entity, entity.Kind == BookKind.Customer
                ? new JsonObject { ["DisplayName"] = $"Renamed {++edits}" }
                : new JsonObject { ["DocNumber"] = $"{++edits}" });
            return Task.CompletedTask;
        }

        public Task DeleteAsync(string id)
        {
            Books.Delete(Find(id));
            return Task.CompletedTask;
        }

        /// <summary>Nothing moves from one stream to another here; the nearest to it is another name.</summary>
        public async Task<bool> MoveAsync(string id)
        {
            await EditAsync(id);
            return true;
        }

        public Task ExpireAsync()
        {
            premises.Sandbox.World.Clock.Offset += TimeSpan.FromDays(40);
            return Task.CompletedTask;
        }

        public void FailPages(int after, int times) =>
            premises.Outside.Fail("/query$", FaultKind.Status, "SystemFault", times, after);

        public IReadOnlyList<string> Truth() =>
        [
            .. Enum.GetValues<BookKind>().SelectMany(Books.All).Select(static one => $"{IdOf(one)} {one.SyncToken}"),
        ];

        public async Task<IReadOnlyList<string>> StoredAsync() =>
        [
            .. await LinesAsync(BookKinds.Customer, BookKind.Customer, static one => one.Version),
            .. await LinesAsync(BookKinds.Invoice, BookKind.Invoice, static one => one.Version),
            .. await LinesAsync(BookKinds.Payment, BookKind.Payment, static one => one.Version),
        ];

        public ValueTask DisposeAsync() => premises.DisposeAsync();

        private static string IdOf(BookEntity entity) => $"{entity.Kind}-{entity.Id}";

        private BookEntity Find(string id) => Books.Find(Enum.Parse<BookKind>(id.Split('-')[0]), id.Split('-')[1])!;

        private async Task<IEnumerable<string>> LinesAsync<T>(RecordKind<T> kind, BookKind sort, Func<T, string> version)
            where T : MirroredItem
        {
            var scope = await premises.ScopeAsync();
            var page = await scope.Records.ListAsync(
                kind, RecordMirror<T>.ByGeneration, $"{premises.Connection}.", ListOrder.Ascending, 500, null,
                TestContext.Current.CancellationToken);
            return page.Items.Select(item => $"{sort}-{item.Value.SourceId} {version(item.Value)}");
        }
    }
}
