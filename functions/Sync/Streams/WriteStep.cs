using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Writes what a step understood, in parts that are one atomic write each: the journal's entry with the first part of the
/// page, the cursor and the audit leaf with the last. Writing it twice gives what writing it once gives, so that what a crash
/// cut short is written again from the journal.
/// </summary>
internal static class WriteStep
{
    private const int MostTries = 8;

    /// <summary>Of a batch some room is for the leaf and the erasure ledger.</summary>
    private const int MostOperations = Batch.MaximumOperations - 3;

    /// <param name="isKept">It is in the journal already.</param>
    /// <returns>The stream's cursor after it.</returns>
    public static async Task<Stored<StreamCursor>> RunAsync(
        StepScope step, JournalStep taken, StreamAdvance advance, bool isKept, CancellationToken cancellation)
    {
        var mirror = step.Source(taken.Before.Stream).Mirror;
        var left = new Stack<StreamPart>(StreamPart.Of(advance.Page, mirror).Reverse());
        var entry = isKept ? null : await SyncJournal.KeepAsync(step.Tenant, taken, mirror, cancellation);
        var run = CoverageRun.With(taken, advance.Next);
        var isProven = taken.Asked is StreamRequest.Follow && advance.Next.Page is null;
        var next = advance.Next with { Sequence = taken.Sequence, Run = isProven ? null : run };
        while (left.TryPop(out var part))
        {
            List<Operation> also = entry is null ? [] : [entry];
            var isLast = left.Count == 0;
            if (isLast)
            {
                also.AddRange(await AdvanceAsync(step, taken, advance, run, next, cancellation));
            }

            var leaf = isLast ? Leaf(step, taken, advance, mirror) : null;
            if (await WritePartAsync(step.Tenant, mirror, taken.Before, part, leaf, also, cancellation) is not { } versions)
            {
                foreach (var half in part.Halves().Reverse())
                {
                    left.Push(half);
                }

                continue;
            }

            if (isLast)
            {
                return new Stored<StreamCursor>(next, versions[SyncKinds.Cursor.Key(SyncKinds.Cursor.Id(next))]);
            }

            entry = null;
        }

        throw new InvalidOperationException("A page without a part.");
    }

    private static async Task<IReadOnlyList<Operation>> AdvanceAsync(
        StepScope step, JournalStep taken, StreamAdvance advance, CoverageRun run, StreamCursor next, CancellationToken cancellation)
    {
        var doubt = advance.CameUntold(taken) && step.Provider.Channels is not null
            ? await KeepChannels.DoubtAsync(step.Tenant, step.Connection.Id, taken.Before.Stream, step.Now, cancellation)
            : [];
        List<Operation> operations =
        [
            step.Tenant.Put(SyncKinds.Cursor, next, Condition.Is(step.Stored(taken.Before).Version)),
            .. await KeepCoverage.OfStepAsync(step, taken, advance, run, isPromised: doubt.Count > 0, cancellation),
            .. doubt,
        ];

        // The watch may have died. Asking for it again renews one that lives.
        if (advance.CameUntold(taken) && step.Roll is { Value.WatchUntil: not null } roll)
        {
            operations.Add(step.Tenant.Put(SyncKinds.Roll, roll.Value with { WatchUntil = null }, Condition.Is(roll.Version)));
        }

        return operations;
    }

    private static AuditEntry? Leaf(StepScope step, JournalStep taken, StreamAdvance advance, IMirror mirror)
    {
        var isMail = mirror.Sort == SyncKinds.Message.Documents.Name;
        var synced = step.Entry(isMail ? AuditAct.MailSynced : AuditAct.ItemsSynced);
        var page = advance.Page;
        var many = isMail ? "messages" : "items";
        return taken.Asked switch
        {
            StreamRequest.Begin when taken.Before.Generation > 0 =>
                step.Entry(isMail ? AuditAct.MailResynced : AuditAct.ItemsResynced).Counting("total", advance.Next.Total),
            StreamRequest.Begin => synced.Counting("total", advance.Next.Total),
            StreamRequest.Read => synced.Counting(many, page.Present.Length),
            _ when advance.IsEmpty => null,
            _ => synced.Counting(many, page.Present.Length).Counting("gone", page.Gone.Length),
        };
    }

    /// <returns>
    /// The new versions of what was written; null when nothing was: with what its items leave behind elsewhere, the part is too
    /// much for one write.
    /// </returns>
    private static async Task<ImmutableDictionary<DocumentKey, DocumentVersion>?> WritePartAsync(
        TenantScope scope,
        IMirror mirror,
        StreamCursor cursor,
        StreamPart part,
        AuditEntry? leaf,
        IReadOnlyList<Operation> also,
        CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            ImmutableArray<Operation> operations =
                [.. await mirror.ChangesAsync(scope, cursor.Connection, cursor.Stream, part, cancellation), .. also];
            if (operations.IsEmpty && leaf is null)
            {
                return ImmutableDictionary<DocumentKey, DocumentVersion>.Empty;
            }

            if (operations.Length > MostOperations && part.IsDivisible)
            {
                return null;
            }

            var outcome = leaf is null
                ? await scope.CommitAsync(operations, cancellation)
                : await scope.CommitAsync(leaf, operations, cancellation);
            if (outcome is CommitOutcome.Committed committed)
            {
                return committed.Versions;
            }
        }

        // Somebody else moved this stream's cursor: two loops for one connection would be a bug, and must not go on.
        throw new ConcurrentSyncException();
    }
}

/// <summary>The write kept being overtaken. The step fails and is taken again from what is stored.</summary>
internal sealed class ConcurrentSyncException() : Exception("The connection is being written by somebody else.");
