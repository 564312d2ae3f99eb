using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// What providers answered, for some days: sealed with the tenant's records, erased with its keys. A step is written here
/// before anything that follows from it is, so that nothing is stored that the journal does not explain; what it explains
/// and a crash left undone is done from here. Never holds the body of a mail: none is fetched (SYNC-2).
/// </summary>
internal static class SyncJournal
{
    private const int TidiedAtOnce = 90;

    /// <summary>The step of that number, or null when it is not in the journal.</summary>
    /// <exception cref="JsonException">It is there, and cannot be read.</exception>
    public static async Task<JournalStep?> FindAsync(
        TenantScope scope,
        ConnectionId connection,
        long sequence,
        Func<StreamName, IMirror> mirrorOf,
        CancellationToken cancellation)
    {
        if (await PartAsync(scope, connection, sequence, 0, cancellation) is not { } head)
        {
            return null;
        }

        byte[] packed = head.Packed;
        for (var part = 1; part < head.Parts; part++)
        {
            var further = await PartAsync(scope, connection, sequence, part, cancellation)
                ?? throw new JsonException("A step lacks a part.");
            packed = [.. packed, .. further.Packed];
        }

        return JournalStep.Unpack(sequence, head.At, packed, mirrorOf);
    }

    /// <summary>
    /// Writes all parts but the first, and gives the operation that writes that one: with it the step is in the journal.
    /// </summary>
    /// <param name="packed">The step, as <see cref="JournalStep.Pack"/> makes it.</param>
    public static async Task<Operation> KeepAsync(
        TenantScope scope, JournalStep step, byte[] packed, CancellationToken cancellation)
    {
        var pieces = packed.Chunk(JournalEntry.MostBytes).ToList();
        for (var part = 1; part < pieces.Count; part++)
        {
            // Left there by a step that a crash cut short before it was one: nobody has seen it.
            await scope.CommitAsync([scope.Put(SyncKinds.Journal, Entry(part), Condition.Any)], cancellation);
        }

        return scope.Put(SyncKinds.Journal, Entry(0), Condition.Absent);

        JournalEntry Entry(int part) => new(
            step.Before.Connection, step.Sequence, part, pieces.Count, step.Before.Stream, step.At, pieces[part]);
    }

    /// <summary>Drops a step that nothing can be understood from any more: the provider is asked again.</summary>
    public static async Task DropAsync(
        TenantScope scope, ConnectionId connection, long sequence, CancellationToken cancellation) =>
        await scope.CommitAsync(
            [scope.Delete(SyncKinds.Journal, JournalEntry.IdOf(connection, sequence, 0), Condition.Any)], cancellation);

    /// <summary>
    /// Drops the oldest entries from before that instant, some at a time; <paramref name="roll"/> goes with them, so that
    /// it is known from which step on the journal is whole.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public static async Task<bool> TidyAsync(
        TenantScope scope, Stored<StreamRoll> roll, DateTimeOffset before, DateTimeOffset now, CancellationToken cancellation)
    {
        var connection = roll.Value.Connection;
        var page = await scope.Records.ListAsync(
            SyncKinds.Journal, JournalEntry.ByAge, $"{connection}|", ListOrder.Ascending, TidiedAtOnce, null, cancellation);
        var old = page.Items.TakeWhile(entry => entry.Value.At < before).ToImmutableArray();
        var more = old.Length == TidiedAtOnce;
        var next = roll.Value with
        {
            JournalFrom = old.Select(static entry => entry.Value.Sequence + 1).Append(roll.Value.JournalFrom).Max(),
            TidiedAt = more ? roll.Value.TidiedAt : now,
        };
        await scope.CommitAsync(
            [
                .. old.Select(entry => scope.Delete(
                    SyncKinds.Journal,
                    JournalEntry.IdOf(connection, entry.Value.Sequence, entry.Value.Part),
                    Condition.Is(entry.Version))),
                scope.Put(SyncKinds.Roll, next, Condition.Is(roll.Version)),
            ],
            cancellation);
        return more;
    }

    private static async Task<JournalEntry?> PartAsync(
        TenantScope scope, ConnectionId connection, long sequence, int part, CancellationToken cancellation) =>
        (await scope.FindAsync(SyncKinds.Journal, JournalEntry.IdOf(connection, sequence, part), cancellation))?.Value;
}
