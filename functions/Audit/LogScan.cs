using System.Runtime.CompilerServices;
using PracticPro.Storage;

namespace PracticPro.Audit;

/// <summary>Stored leaves in order, a thousand at a time, so that a long log never lies in memory as a whole.</summary>
internal static class LogScan
{
    private const int Chunk = 1000;

    /// <exception cref="AuditLogAlteredException">The store holds fewer entries there than it says.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> LeavesAsync(
        this IAppendLog log, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (from < to)
        {
            var entries = await log.ReadAsync(AuditTrail.Log, from, (int)Math.Min(Chunk, to - from), cancellation);
            if (entries.Count == 0)
            {
                throw new AuditLogAlteredException("leaves are missing from the store");
            }

            foreach (var entry in entries)
            {
                yield return entry;
            }

            from += entries.Count;
        }
    }
}
