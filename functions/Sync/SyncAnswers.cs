using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync;

/// <summary>A connection as the API shows it. Tokens are not in it, nor is who connected it.</summary>
/// <param name="Sync">Null until the first step was taken.</param>
internal sealed record ConnectionAnswer(
    ConnectionId Id,
    string Provider,
    EmailAddress Mailbox,
    ConnectionState State,
    IReadOnlyList<string> Scopes,
    DateTimeOffset ConnectedAt,
    ConnectionAnswer.Progress? Sync)
{
    public static ConnectionAnswer Of(ListConnections.Row row) => new(
        row.Connection.Id,
        "gmail",
        row.Connection.Mailbox,
        row.Connection.State,
        row.Connection.Scopes,
        row.Connection.ConnectedAt,
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
