using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

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
/// <param name="MessageId">The RFC 5322 Message-ID with its angle brackets; empty when the sender gave none.</param>
/// <param name="Counterpart">The other side: who wrote, or whom the practice wrote to first. Null when there is none to name.</param>
/// <param name="Labels">
/// Gmail's labels. Another provider's states are told in the same words: <c>INBOX</c>, <c>SENT</c>, <c>DRAFT</c>,
/// <c>SPAM</c>, <c>TRASH</c>, <c>UNREAD</c>, <c>STARRED</c>.
/// </param>
/// <param name="At">When the provider received it.</param>
/// <param name="Bulk">Sent to many by a machine: a list, a newsletter, an automatic answer. Nobody waits for a reply.</param>
/// <param name="CounterpartHash">Keyed hash of the counterpart's address; the one form in which an index may hold it.</param>
internal sealed record MailMessage(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
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
    string? CounterpartHash = null) : MirroredItem(Connection, Stream, SourceId, Generation)
{
    public const string ByThread = "by-thread";
    public const string ByGeneration = "by-generation";
    public const string ByCounterpart = "by-counterpart";

    /// <summary>What is attached, by its outside.</summary>
    public ImmutableArray<MailAttachment> Attachments { get; init; } = [];

    /// <summary>Not a message of the conversation: a draft, spam, or thrown away.</summary>
    public bool OutOfSight => Labels.Contains("DRAFT") || Labels.Contains("SPAM") || Labels.Contains("TRASH");

    public static string ThreadPrefix(ConnectionId connection, string threadId) => $"{connection}.{threadId}|";

    /// <summary>
    /// Prefix of the counterpart index: <c>2026-11|hash|</c>. By the month first, so that a long reading, which goes back in time,
    /// writes in one place of the index and not all over it.
    /// </summary>
    public static string CounterpartPrefix(Month month, string counterpartHash) => $"{month}|{EarlierCounterpartPrefix(counterpartHash)}";

    /// <summary>Prefix of what was indexed before it was by the month: <c>hash|</c>.</summary>
    public static string EarlierCounterpartPrefix(string counterpartHash) => $"{counterpartHash}|";

    public bool Equals(MailMessage? other) =>
        other is not null
        && (Connection, Stream, SourceId, ThreadId, MessageId, References, Direction, Counterpart)
            == (other.Connection, other.Stream, other.SourceId, other.ThreadId, other.MessageId, other.References, other.Direction, other.Counterpart)
        && (Subject, At, Bulk, SizeBytes, Generation, CounterpartHash)
            == (other.Subject, other.At, other.Bulk, other.SizeBytes, other.Generation, other.CounterpartHash)
        && Labels.SequenceEqual(other.Labels)
        && Attachments.SequenceEqual(other.Attachments);

    public override int GetHashCode() => HashCode.Combine(Connection, SourceId, At, Generation);

    /// <summary>A message as it was stored when every mailbox was Gmail's, and one stream.</summary>
    public static MailMessage FromSchema1(JsonElement stored)
    {
        var message = stored.Deserialize<Schema1>(JsonShapes.Stored) ?? throw new JsonException("A message is null.");
        return new MailMessage(
            message.Connection,
            MirrorKey.Mailbox,
            message.GmailId,
            message.ThreadId,
            message.MessageId,
            message.References,
            message.Direction,
            message.Counterpart,
            message.Subject,
            message.At,
            message.Labels,
            message.Bulk,
            message.SizeBytes,
            message.Generation,
            message.CounterpartHash);
    }

    private sealed record Schema1(
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
        string? CounterpartHash = null);
}
