using System.Collections.Immutable;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Books;

/// <summary>A payment as the practice's books have it (CARE-4).</summary>
/// <param name="Version">The books' own count of changes to it.</param>
/// <param name="Customer">The books' id of the customer; null for one nobody is named on.</param>
/// <param name="Unapplied">What of it is for no invoice yet.</param>
/// <param name="For">The invoices it is for, and how much of it for each.</param>
/// <param name="Voided">It was cancelled and counts for nothing.</param>
/// <param name="ChangedAt">When the books say it last changed.</param>
internal sealed record Payment(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
    string Version,
    string? Customer,
    DateOnly Date,
    Money Total,
    Money Unapplied,
    ImmutableArray<PaidInvoice> For,
    bool Voided,
    DateTimeOffset ChangedAt,
    int Generation = 0) : MirroredItem(Connection, Stream, SourceId, Generation)
{
    public bool Equals(Payment? other) =>
        other is not null
        && (Connection, Stream, SourceId, Version, Customer, Date)
            == (other.Connection, other.Stream, other.SourceId, other.Version, other.Customer, other.Date)
        && (Total, Unapplied, Voided, ChangedAt, Generation)
            == (other.Total, other.Unapplied, other.Voided, other.ChangedAt, other.Generation)
        && For.SequenceEqual(other.For);

    public override int GetHashCode() => HashCode.Combine(Connection, SourceId, Version, Generation);
}

/// <param name="Invoice">The books' id of the invoice.</param>
internal sealed record PaidInvoice(string Invoice, Money Paid);
