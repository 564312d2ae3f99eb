using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Books;

/// <summary>
/// Somebody the practice bills, as its books have them (CARE-4). Addresses, notes and telephone numbers are not here: nothing
/// needs them.
/// </summary>
/// <param name="Version">The books' own count of changes to it.</param>
/// <param name="Active">False when the practice hid it in its books; its invoices stay.</param>
/// <param name="Owes">What is open on all its invoices; below zero when it has credit.</param>
/// <param name="ChangedAt">When the books say it last changed.</param>
internal sealed record Customer(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
    string Version,
    string Name,
    EmailAddress? Address,
    bool Active,
    Money Owes,
    DateTimeOffset ChangedAt,
    int Generation = 0) : MirroredItem(Connection, Stream, SourceId, Generation);
