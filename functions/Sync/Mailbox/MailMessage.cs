using System.Collections.Immutable;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Mailbox;

internal enum Direction
{
    /// <summary>Somebody wrote to the practice.</summary>
    Inbound,

    /// <summary>The practice wrote.</summary>
    Outbound,
}

/// <summary>
/// What is known of one message: its envelope and what follows from it. The body is not here, nor a snippet of it
/// (SYNC-2).
/// </summary>
/// <param name="GmailId">The provider's id; never changes.</param>
/// <param name="MessageId">The RFC 5322 Message-ID with its angle brackets; empty when the sender gave none.</param>
/// <param name="Counterpart">The other side: who wrote, or whom the practice wrote to first. Null when there is none to name.</param>
/// <param name="At">When the provider received it.</param>
/// <param name="Bulk">Sent to many by a machine: a list, a newsletter, an automatic answer. Nobody waits for a reply.</param>
/// <param name="CounterpartHash">Keyed hash of the counterpart's address; the one form in which an index may hold it.</param>
/// <param name="Generation">The last complete reading of the mailbox in which it was seen.</param>
internal sealed record MailMessage(
    ConnectionId Connection,
    string GmailId,
    string ThreadId,
    string MessageId,
    string References,
    Direction Direction,
    Correspondent? Counterpart,
    string Subject,
    DateTimeOffset At,
    ImmutableArray<string> Labels,
    bool Bulk,
    int SizeBytes,
    int Generation,
    string? CounterpartHash = null)
{
    public const string ByThread = "by-thread";
    public const string ByGeneration = "by-generation";
    public const string ByCounterpart = "by-counterpart";

    /// <summary>Not a message of the conversation: a draft, spam, or thrown away.</summary>
    public bool OutOfSight => Labels.Contains("DRAFT") || Labels.Contains("SPAM") || Labels.Contains("TRASH");

    public static string IdOf(ConnectionId connection, string gmailId) => $"{connection}.{gmailId}";

    public static string ThreadPrefix(ConnectionId connection, string threadId) => $"{connection}.{threadId}|";

    public static string GenerationPrefix(ConnectionId connection) => $"{connection}|";

    public static string GenerationPrefix(ConnectionId connection, int generation) => $"{connection}|{generation:D8}|";

    public static string CounterpartPrefix(string counterpartHash, Direction direction) =>
        $"{counterpartHash}|{(direction == Direction.Inbound ? "in" : "out")}|";
}
