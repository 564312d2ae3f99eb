using System.Security.Cryptography;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Sandbox.Control;

/// <summary>A mailbox in numbers.</summary>
internal sealed record MailboxView(
    string Address, int Messages, int Threads, int Drafts, string HistoryId, DateTimeOffset? WatchedUntil)
{
    public static MailboxView Of(Mailbox mailbox) => new(
        mailbox.Address, mailbox.Count, mailbox.Threads.Count, mailbox.Drafts.All.Count(),
        mailbox.History.Current.ToString(), mailbox.Watch?.ExpiresAt);
}

/// <summary>
/// Everything in a mailbox that a client could know, without the mail itself: for comparing with the client's records.
/// Newest first.
/// </summary>
internal sealed record MailboxDump(
    string Address, string HistoryId, IReadOnlyList<MailboxDump.Message> Messages,
    IReadOnlyList<MailboxDump.Draft> Drafts)
{
    public static MailboxDump Of(Mailbox mailbox) => new(
        mailbox.Address,
        mailbox.History.Current.ToString(),
        [.. mailbox.NewestToOldest.Select(Of)],
        [.. mailbox.Drafts.All.Select(draft => new Draft(draft.Id.ToString(), draft.Message.Id.ToString()))]);

    private static Message Of(StoredMessage message) => new(
        message.Id.ToString(), message.Thread.ToString(), [.. message.LabelIds], message.History.ToString(),
        message.InternalDate, message.Envelope.MessageId?.Value, message.Raw.Length,
        Convert.ToHexStringLower(SHA256.HashData(message.Raw)));

    internal sealed record Message(
        string Id, string ThreadId, IReadOnlyList<string> LabelIds, string HistoryId, long InternalDate,
        string? Rfc822MessageId, int Size, string Sha256);

    internal sealed record Draft(string Id, string MessageId);
}
