using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams.Coverage;

/// <summary>What a step changes in the ledger of coverage: operations for the same write as the step's cursor.</summary>
internal static class KeepCoverage
{
    /// <summary>Ledgers changed at once when a grant or a channel is lost, each with its leaf.</summary>
    private const int AtOnce = 40;

    /// <param name="run">The run with this step.</param>
    /// <param name="isPromised">A channel of the stream's own should have told of news.</param>
    public static async Task<IReadOnlyList<Operation>> OfStepAsync(
        StepScope step, JournalStep taken, StreamAdvance advance, CoverageRun run, bool isPromised, CancellationToken cancellation)
    {
        var isAnew = taken.Asked is StreamRequest.Begin && taken.Before.Generation > 0;
        if (!isAnew && !(taken.Asked is StreamRequest.Follow && advance.Next.Page is null))
        {
            return [];
        }

        var stored = await FindAsync(step.Tenant, taken.Before, cancellation);
        var before = stored?.Value ?? CoverageLedger.Empty(taken.Before.Connection, taken.Before.Stream);
        var after = isAnew
            ? before.Opened(taken.Before.IsToBegin ? CoverageLedger.StreamGone : CoverageLedger.CursorExpired, taken.At)
            : before.Covered(run, CoverageRun.MarkOf(advance.Next.Point), taken.Sequence, taken.At);
        if (!isAnew && advance.CameUntold(taken) && (isPromised || step.Roll?.Value.WatchUntil is not null))
        {
            after = after.Unheard(run.From, taken.At);
        }

        return Changes(step.Tenant, step.Entry, stored, before, after);
    }

    /// <summary>A try of a stream failed.</summary>
    public static async Task<IReadOnlyList<Operation>> OfFailureAsync(
        StepScope step, StreamCursor cursor, string because, TimeSpan patience, CancellationToken cancellation)
    {
        // Before that long since the last look there is nothing to note, and nothing is read.
        if (cursor.LookedAt is null || step.Now - cursor.LookedAt <= patience)
        {
            return [];
        }

        var stored = await FindAsync(step.Tenant, cursor, cancellation);
        return stored is null
            ? []
            : Changes(step.Tenant, step.Entry, stored, stored.Value, stored.Value.Failed(because, patience, step.Now));
    }

    /// <summary>A stream is no more, and nothing of it is left here.</summary>
    public static async Task<IReadOnlyList<Operation>> OfEndAsync(StepScope step, StreamCursor cursor, CancellationToken cancellation) =>
        await FindAsync(step.Tenant, cursor, cancellation) is { } stored
            ? Changes(step.Tenant, step.Entry, stored, stored.Value, stored.Value.Vanished(step.Now))
            : [];

    /// <summary>The grant is dead: from now on nothing is known of any stream of the connection.</summary>
    public static Task OfLossAsync(
        TenantScope scope, Connection connection, string because, DateTimeOffset now, CancellationToken cancellation) =>
        OpenAsync(scope, connection.Id, static _ => true, because, now, cancellation);

    /// <summary>A channel ended, or lost news: of what it tells of nothing is known until it was followed to its end.</summary>
    /// <param name="tellsOf">The streams whose news came by it.</param>
    public static Task OfChannelAsync(
        TenantScope scope,
        ConnectionId connection,
        Func<StreamName, bool> tellsOf,
        string because,
        DateTimeOffset now,
        CancellationToken cancellation) => OpenAsync(scope, connection, tellsOf, because, now, cancellation);

    private static async Task OpenAsync(
        TenantScope scope,
        ConnectionId connection,
        Func<StreamName, bool> isMeant,
        string because,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        var changes = new List<IReadOnlyList<Operation>>();
        foreach (var cursor in await StreamsOf.CursorsAsync(scope, connection, cancellation))
        {
            if (cursor.Value.Phase != SyncPhase.Closed && isMeant(cursor.Value.Stream)
                && await FindAsync(scope, cursor.Value, cancellation) is { } stored)
            {
                var after = stored.Value.Opened(because, now);
                changes.Add(Changes(scope, Entry, stored, stored.Value, after));
            }
        }

        foreach (var part in changes.Where(static one => one.Count > 0).Chunk(AtOnce))
        {
            await scope.CommitAsync([.. part.SelectMany(static one => one)], cancellation);
        }

        AuditEntry Entry(AuditAct act) => new AuditEntry(StepScope.Job, act).On("connection", connection.Text);
    }

    private static ValueTask<Stored<CoverageLedger>?> FindAsync(
        TenantScope scope, StreamCursor cursor, CancellationToken cancellation) =>
        scope.FindAsync(SyncKinds.Coverage, MirrorKey.Of(cursor.Connection, cursor.Stream), cancellation);

    private static IReadOnlyList<Operation> Changes(
        TenantScope scope,
        Func<AuditAct, AuditEntry> entry,
        Stored<CoverageLedger>? stored,
        CoverageLedger before,
        CoverageLedger after)
    {
        if (ReferenceEquals(before, after))
        {
            return [];
        }

        var put = scope.Put(SyncKinds.Coverage, after, stored is null ? Condition.Absent : Condition.Is(stored.Version));
        var opened = after.Open is { } open && before.Open is null ? entry(AuditAct.SyncHoleOpened).On("because", open.Because) : null;
        var closed = before.Open is { } was && after.Open is null
            ? entry(AuditAct.SyncHoleClosed).On("because", was.Because)
            : null;
        return
        [
            put,
            .. new[] { opened, closed }.OfType<AuditEntry>().SelectMany(scope.Audit.Compose),
        ];
    }
}
