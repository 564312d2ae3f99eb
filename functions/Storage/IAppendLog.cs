using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>Name of a log inside a tenant: lower-case words with hyphens.</summary>
internal readonly record struct LogName(string Text);

/// <summary>
/// One tenant's append-only logs, for reading. Entries are added in a batch only (<see cref="Operation.Append"/>),
/// so that an entry and the change it speaks of are one write. There is no call that changes or removes an entry.
/// </summary>
internal interface IAppendLog
{
    TenantId Tenant { get; }

    /// <summary>Entries in the log now. Never goes down.</summary>
    ValueTask<long> CountAsync(LogName log, CancellationToken cancellation);

    /// <summary>
    /// Up to <paramref name="count"/> entries from index <paramref name="from"/> on, in order; fewer at the end.
    /// </summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        LogName log, long from, int count, CancellationToken cancellation);
}
