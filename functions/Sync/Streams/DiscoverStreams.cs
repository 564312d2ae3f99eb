using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Mailbox;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Asks which streams there are. A new one gets a cursor; one that is no more is asked about item by item, since its items
/// may have moved; one that came back is read anew.
/// </summary>
internal static class DiscoverStreams
{
    /// <summary>Cursors written at once, beside roll and takeover.</summary>
    private const int WrittenAtOnce = 90;

    /// <summary>Cursors of streams that are no more, of which it is told what time they cover.</summary>
    private const int ClosedKept = 60;

    public static async Task<Failure?> RunAsync(StepScope step, CancellationToken cancellation)
    {
        var outcome = await step.Provider.StreamsAsync(step.Connector, cancellation);
        if (!outcome.Try(out var streams, out var why))
        {
            return why;
        }

        var roll = step.Roll?.Value;
        var earlier = roll is null
            ? await step.Tenant.FindAsync(SyncKinds.MailCursor, step.Connection.Id.Text, cancellation)
            : null;
        ImmutableArray<Operation> changes =
            [.. New(step, streams, earlier), .. Vanished(step, streams), .. Forgotten(step, streams)];
        var isAll = changes.Length <= WrittenAtOnce;
        var next = new StreamRoll(
            step.Connection.Id,
            [.. streams.Take(StreamsOf.Most)],
            DiscoveredAt: isAll ? step.Now : null,
            roll?.TidiedAt ?? step.Now,
            roll?.JournalFrom ?? 1,
            roll?.WatchUntil ?? earlier?.Value.WatchUntil,
            ReplayedAt: roll?.ReplayedAt);
        await step.Tenant.CommitAsync(
            [
                .. changes.Take(WrittenAtOnce),
                step.Tenant.Put(SyncKinds.Roll, next, step.Roll is null ? Condition.Absent : Condition.Is(step.Roll.Version)),
                .. earlier is null
                    ? []
                    : new[] { step.Tenant.Delete(SyncKinds.MailCursor, step.Connection.Id.Text, Condition.Is(earlier.Version)) },
            ],
            cancellation);
        return null;
    }

    private static IEnumerable<Operation> New(
        StepScope step, ImmutableArray<StreamName> streams, Stored<MailCursor>? earlier) =>
        streams.Distinct()
            .Take(StreamsOf.Most)
            .Where(stream => step.Cursors.All(cursor => cursor.Value.Stream != stream))
            .Select(stream => step.Tenant.Put(
                SyncKinds.Cursor,
                earlier is not null && stream == MirrorKey.Mailbox
                    ? earlier.Value.AsStream()
                    : new StreamCursor(step.Connection.Id, stream),
                Condition.Absent));

    private static IEnumerable<Operation> Vanished(StepScope step, ImmutableArray<StreamName> streams) =>
        step.Cursors
            .Where(cursor => cursor.Value.IsFollowed && !streams.Contains(cursor.Value.Stream))
            .Select(cursor => step.Tenant.Put(
                SyncKinds.Cursor, StreamProgress.Vanished(cursor.Value), Condition.Is(cursor.Version)));

    // The last step's number is what the next one's follows from: the cursor that holds it stays.
    private static IEnumerable<Operation> Forgotten(StepScope step, ImmutableArray<StreamName> streams) =>
        step.Cursors
            .Where(cursor => cursor.Value.Phase == SyncPhase.Closed && !streams.Contains(cursor.Value.Stream))
            .OrderByDescending(static cursor => cursor.Value.Sequence)
            .Skip(ClosedKept)
            .Where(cursor => cursor.Value.Sequence < step.NextSequence - 1)
            .Select(cursor => step.Tenant.Delete(
                SyncKinds.Cursor, MirrorKey.Of(cursor.Value.Connection, cursor.Value.Stream), Condition.Is(cursor.Version)));
}
