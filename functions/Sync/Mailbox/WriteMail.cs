using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Mailbox;

/// <summary>
/// Writes what a page says: messages, and the facts that follow from them, in the same atomic write. Writing a page
/// twice gives what writing it once gives, so a page that a crash cut short is simply read again.
/// </summary>
internal static class WriteMail
{
    /// <summary>
    /// Messages a write. A message touches at most a contact and a thread besides itself: 3 × 30 operations, and room
    /// for the cursor and the audit leaf under the store's limit of 100.
    /// </summary>
    public const int ChunkSize = 30;

    private const int MostTries = 8;

    /// <summary>Writes all changes; the cursor and the leaf go with the last part, so that they never run ahead of it.</summary>
    public static async Task RunAsync(
        TenantScope scope,
        MailChanges changes,
        Stored<MailCursor> cursor,
        MailCursor next,
        AuditEntry? entry,
        CancellationToken cancellation)
    {
        var parts = changes.InChunksOf(ChunkSize).DefaultIfEmpty(MailChanges.None).ToList();
        foreach (var part in parts.SkipLast(1))
        {
            await WritePartAsync(scope, cursor.Value.Connection, part, null, [], cancellation);
        }

        var advance = scope.Put(SyncKinds.Cursor, next, Condition.Is(cursor.Version));
        await WritePartAsync(scope, next.Connection, parts[^1], entry, [advance], cancellation);
    }

    private static async Task WritePartAsync(
        TenantScope scope,
        ConnectionId connection,
        MailChanges part,
        AuditEntry? entry,
        ImmutableArray<Operation> also,
        CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var draft = new MailDelta(scope, connection);
            await draft.ReadAsync(part, cancellation);
            ImmutableArray<Operation> operations = [.. draft.Operations(), .. also];
            if (operations.IsEmpty && entry is null)
            {
                return;
            }

            var outcome = entry is null
                ? await scope.CommitAsync(operations, cancellation)
                : await scope.CommitAsync(entry, operations, cancellation);
            if (outcome is CommitOutcome.Committed)
            {
                return;
            }
        }

        // Somebody else moved this mailbox's cursor: two loops for one mailbox would be a bug, and must not go on.
        throw new ConcurrentSyncException();
    }
}

/// <summary>The write kept being overtaken. The step fails and is taken again from what is stored.</summary>
internal sealed class ConcurrentSyncException() : Exception("The mailbox is being written by somebody else.");
