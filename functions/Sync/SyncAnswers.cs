using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync;

/// <summary>A connection as the API shows it. Tokens are not in it, nor is who connected it.</summary>
/// <param name="Account">What its owner calls it: a mail address, a company's name.</param>
/// <param name="Mailbox">The same, under the name it had when mailboxes were all there was.</param>
/// <param name="LostBecause">Code of why it wants to be connected again; null while it is good.</param>
/// <param name="Sync">Null until the first step was taken.</param>
internal sealed record ConnectionAnswer(
    ConnectionId Id,
    Provider Provider,
    string Account,
    string Mailbox,
    ConnectionState State,
    IReadOnlyList<string> Scopes,
    DateTimeOffset ConnectedAt,
    string? LostBecause,
    ConnectionAnswer.Progress? Sync)
{
    public static ConnectionAnswer Of(ListConnections.Row row) => new(
        row.Connection.Id,
        row.Connection.Provider,
        row.Connection.Account.Name,
        row.Connection.Account.Name,
        row.Connection.State,
        row.Connection.Scopes,
        row.Connection.ConnectedAt,
        row.Connection.LostBecause,
        row.Cursor is { } cursor
            ? new Progress(
                cursor.Phase, cursor.Generation, cursor.Total, cursor.Stored, cursor.CompleteSince, cursor.LookedAt, cursor.Failures)
            : null);

    /// <param name="Total">Messages the provider said it has; an estimate.</param>
    internal sealed record Progress(
        SyncPhase Phase,
        int Generation,
        int Total,
        int Stored,
        DateTimeOffset? CompleteSince,
        DateTimeOffset? LookedAt,
        int Failures);
}

/// <summary>Somebody who waits, as the API shows it. The ids that only sending needs are left out.</summary>
internal sealed record WaitingAnswer(string ThreadId, EmailAddress Address, string Name, string Subject, DateTimeOffset Since)
{
    public static WaitingAnswer Of(WaitingConversation waiting) =>
        new(waiting.ThreadId, waiting.Address, waiting.Name, waiting.Subject, waiting.Since);
}

/// <summary>What the practice is told about a connection: it wants to be connected again.</summary>
/// <param name="Because">Why, as a code.</param>
/// <param name="Message">The same in words, with what to do.</param>
/// <param name="Since">When the provider refused.</param>
internal sealed record NoticeAnswer(
    ConnectionId Connection, Provider Provider, string Account, string Because, string Message, DateTimeOffset Since)
{
    public static NoticeAnswer Of(ConnectionNotice notice) => new(
        notice.Connection, notice.Provider, notice.Account, notice.Because, LossWords.Of(notice.Because), notice.At);
}
