using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Sync.Books;

/// <summary>Every kind of record the mirrored books are kept in.</summary>
internal static class BookKinds
{
    public static readonly RecordKind<Customer> Customer = RecordMirror<Customer>.Kind("book-customer", 1);

    public static readonly RecordKind<Invoice> Invoice = RecordMirror<Invoice>.Kind("book-invoice", 1);

    public static readonly RecordKind<Payment> Payment = RecordMirror<Payment>.Kind("book-payment", 1);
}
