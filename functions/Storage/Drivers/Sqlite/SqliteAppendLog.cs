using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>One tenant's logs, for reading. <see cref="CarryOutBatch"/> is the only one that adds to them.</summary>
internal sealed class SqliteAppendLog(TenantFile file) : IAppendLog
{
    private const string CountText =
        "SELECT position + 1 FROM log_entry WHERE log = ?1 ORDER BY position DESC LIMIT 1";

    private const string ReadText =
        "SELECT entry FROM log_entry WHERE log = ?1 AND position >= ?2 ORDER BY position LIMIT ?3";

    public TenantId Tenant => file.Tenant;

    public ValueTask<long> CountAsync(LogName log, CancellationToken cancellation)
    {
        StorageLimits.CheckName(log.Text, "log name");
        return file.ReadAsync(
            0L,
            session =>
            {
                using var last = session.Prepare(CountText).With(1, log.Text);
                return last.Step() ? last.Number(0) : 0;
            },
            cancellation);
    }

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        LogName log, long from, int count, CancellationToken cancellation)
    {
        StorageLimits.CheckName(log.Text, "log name");
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return file.ReadAsync<IReadOnlyList<ReadOnlyMemory<byte>>>(
            [],
            session =>
            {
                using var rows = session.Prepare(ReadText).With(1, log.Text).With(2, from).With(3, count);
                var entries = new List<ReadOnlyMemory<byte>>();
                while (rows.Step())
                {
                    entries.Add(rows.Bytes(0));
                }

                return entries;
            },
            cancellation);
    }
}
