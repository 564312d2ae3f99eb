using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Sync.Books;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.QuickBooks;

/// <summary>One sort of entity that is mirrored: how it is named there, asked for and understood.</summary>
/// <param name="Entity">Its name in queries and answers, case included.</param>
/// <param name="Read">Asks for one by its id.</param>
/// <param name="Among">Condition without which a query hides some of them; empty where it hides none.</param>
/// <param name="Understand">Null when it cannot be understood.</param>
/// <param name="Mirror">How it is kept.</param>
internal sealed record BookSort(
    StreamName Stream,
    string Entity,
    ProviderOperation Read,
    string Among,
    Func<ConnectionId, StreamName, JsonElement, MirroredItem?> Understand,
    IMirror Mirror)
{
    public static readonly BookSort Customers = new(
        StreamName.Parse("customers"), "Customer", IntuitServices.GetCustomer, " WHERE Active IN (true, false)", BookReader.Customer,
        new RecordMirror<Customer>(BookKinds.Customer));

    public static readonly BookSort Invoices = new(
        StreamName.Parse("invoices"), "Invoice", IntuitServices.GetInvoice, "", BookReader.Invoice,
        new RecordMirror<Invoice>(BookKinds.Invoice));

    public static readonly BookSort Payments = new(
        StreamName.Parse("payments"), "Payment", IntuitServices.GetPayment, "", BookReader.Payment,
        new RecordMirror<Payment>(BookKinds.Payment));

    public static readonly ImmutableArray<BookSort> All = [Customers, Invoices, Payments];

    /// <exception cref="InvalidOperationException">There is no such stream.</exception>
    public static BookSort Of(StreamName stream) => All.First(sort => sort.Stream == stream);
}
