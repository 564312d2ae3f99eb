using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Books;

/// <summary>
/// An invoice as the practice's books have it (CARE-4): how much, to whom, until when, what is open. What it is for is not
/// here: in a practice that is health data, and nothing needs it.
/// </summary>
/// <param name="Version">The books' own count of changes to it.</param>
/// <param name="Number">As printed on it; null without one.</param>
/// <param name="Customer">The books' id of the customer.</param>
/// <param name="Voided">It was cancelled and counts for nothing.</param>
/// <param name="ChangedAt">When the books say it last changed; also when a payment for it did.</param>
internal sealed record Invoice(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
    string Version,
    string? Number,
    string Customer,
    DateOnly Date,
    DateOnly? Due,
    Money Total,
    Money Open,
    bool Voided,
    DateTimeOffset ChangedAt,
    int Generation = 0) : MirroredItem(Connection, Stream, SourceId, Generation);
