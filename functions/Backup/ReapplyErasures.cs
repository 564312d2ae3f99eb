using System.Collections.Immutable;
using PracticPro.Storage;

namespace PracticPro.Backup;

/// <summary>
/// Carries out again, in a restored store, what was erased after the moment it was restored to. The restored ledger is a
/// beginning of the newest one, so the entries beyond its end are what is missing; each is carried out and written to the
/// ledger in one batch. A crash in between leaves the rest for the next run. Works on the ports, whatever the driver.
/// </summary>
internal static class ReapplyErasures
{
    /// <summary>How many documents of entries that were missing are gone now.</summary>
    /// <exception cref="ErasureLedgerDiffersException">The restored ledger is no beginning of the newest.</exception>
    public static async Task<int> RunAsync(
        ITenantStorage restored, ImmutableArray<ErasureEntry> newest, CancellationToken cancellation)
    {
        var known = await ErasureLedger.ReadAsync(restored.Logs, 0, cancellation);
        if (!IsBeginning(known, newest))
        {
            throw new ErasureLedgerDiffersException();
        }

        var erased = 0;
        foreach (var entry in newest.Skip(known.Length))
        {
            var deletions = entry.Keys.Select(key =>
                (Operation)new Operation.Delete(new DocumentKind(key.Kind, []).Key(key.Id), Condition.Any));
            await restored.Documents.CommitAsync(
                new Batch([.. deletions, new Operation.Append(ErasureLedger.Log, entry.ToUtf8())]), cancellation);
            erased += entry.Keys.Length;
        }

        return erased;
    }

    /// <summary>
    /// How many documents a ledger speaks of, from an entry on, are in the store again. Zero after <see cref="RunAsync"/>,
    /// unless one was written anew since.
    /// </summary>
    public static async Task<int> CountPresentAsync(
        ITenantStorage store, IEnumerable<ErasureEntry> entries, CancellationToken cancellation)
    {
        var present = 0;
        foreach (var key in entries.SelectMany(entry => entry.Keys))
        {
            present += await store.Documents.FindAsync(new DocumentKind(key.Kind, []).Key(key.Id), cancellation) is null ? 0 : 1;
        }

        return present;
    }

    public static bool IsBeginning(ImmutableArray<ErasureEntry> shorter, ImmutableArray<ErasureEntry> longer) =>
        shorter.Length <= longer.Length
        && shorter.Zip(longer).All(pair => pair.First.ToUtf8().AsSpan().SequenceEqual(pair.Second.ToUtf8()));
}

/// <summary>Two ledgers are of two histories: what would have to be erased is not known.</summary>
internal sealed class ErasureLedgerDiffersException() : Exception("The ledgers of erasures are not of one store.");
