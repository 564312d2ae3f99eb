using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Mailbox;

internal enum Waiting
{
    /// <summary>Nobody: the last word came from a machine, or there is nothing in sight.</summary>
    Nobody,

    /// <summary>They wrote last: the practice owes a reply.</summary>
    ForUs,

    /// <summary>The practice wrote last.</summary>
    ForThem,
}

/// <summary>One conversation and who waits for whom in it. A fold over its messages in sight.</summary>
internal sealed record MailThread(
    ConnectionId Connection,
    string ThreadId,
    Correspondent? Counterpart,
    string Subject,
    string LastMessageId,
    string LastReferences,
    string LastGmailId,
    DateTimeOffset LastAt,
    Waiting Waiting)
{
    public const string ByWaiting = "by-waiting";

    public static string IdOf(ConnectionId connection, string threadId) => MirrorKey.Of(connection, threadId);

    /// <summary>Prefix of the waiting index: <c>for-us|connection|</c>, newest last.</summary>
    public static string WaitingPrefix(Waiting waiting, ConnectionId connection) =>
        $"{(waiting == Waiting.ForUs ? "for-us" : waiting == Waiting.ForThem ? "for-them" : "nobody")}|{connection}|";

    /// <summary>The thread with one more message: the latest one decides; of two at the same instant, the larger id.</summary>
    public static MailThread? With(MailThread? known, MailMessage message)
    {
        if (message.OutOfSight)
        {
            return known;
        }

        if (known is not null && !IsLater(message, known))
        {
            return known;
        }

        return new MailThread(
            message.Connection,
            message.ThreadId,
            message.Counterpart,
            message.Subject,
            message.MessageId,
            message.References,
            message.SourceId,
            message.At,
            WaitingAfter(message));
    }

    private static bool IsLater(MailMessage message, MailThread known) =>
        message.At > known.LastAt
        || message.At == known.LastAt && string.CompareOrdinal(message.SourceId, known.LastGmailId) >= 0;

    private static Waiting WaitingAfter(MailMessage message) => message switch
    {
        { Bulk: true } or { Counterpart: null } => Waiting.Nobody,
        { Direction: Direction.Inbound } => Waiting.ForUs,
        _ => Waiting.ForThem,
    };
}
