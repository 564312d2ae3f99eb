using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// Once a day the loop of a connection holds what is stored against its own journal. It does so when nothing else is to be
/// done, so that no step is under way; each connection at a time of day of its own, and a process one at a time. A difference
/// is an alarm: counted, and written into the practice's log. Nothing is mended by itself.
/// </summary>
internal sealed class ReplayNightly(SyncMeter meter, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>A replay keeps a line of every item in memory.</summary>
    private readonly SemaphoreSlim place = new(1);

    /// <summary>Replays if it is time, and no other connection is at it.</summary>
    /// <param name="roll">The connection's streams, as stored; null before they were asked for.</param>
    /// <returns>Null when it did not.</returns>
    public async Task<ReplayVerdict?> RunAsync(
        ConnectorScope scope, IConnector connector, Stored<StreamRoll>? roll, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (roll is null
            || !IsDue(scope.Connection.Id, roll.Value.ReplayedAt ?? scope.Connection.ConnectedAt, now)
            || !await place.WaitAsync(TimeSpan.Zero, cancellation))
        {
            return null;
        }

        try
        {
            // Noted first: a replay that cannot be finished costs one day's, and not the sync.
            var noted = roll.Value with { ReplayedAt = now };
            return await scope.Tenant.CommitAsync(
                [scope.Tenant.Put(SyncKinds.Roll, noted, Condition.Is(roll.Version))], cancellation) is CommitOutcome.Committed
                ? await ReplayAsync(scope, connector, cancellation)
                : null;
        }
        finally
        {
            place.Release();
        }
    }

    public void Dispose() => place.Dispose();

    private async Task<ReplayVerdict> ReplayAsync(ConnectorScope scope, IConnector connector, CancellationToken cancellation)
    {
        var result = "unfinished";
        try
        {
            var verdict = await new ReplayJournal(scope.Tenant, scope.Connection.Id, stream => connector.Source(scope, stream))
                .RunAsync(cancellation);
            if (verdict is ReplayVerdict.Differs differs)
            {
                result = differs.Why;
                await scope.Tenant.CommitAsync(
                    new AuditEntry(StepScope.Job, AuditAct.SyncReplayDiffered)
                        .On("connection", scope.Connection.Id.Text)
                        .On("because", differs.Why)
                        .Counting("step", differs.Step),
                    [],
                    cancellation);
            }
            else
            {
                result = "same";
            }

            return verdict;
        }
        finally
        {
            meter.Replayed(connector.Provider.Text, result);
        }
    }

    /// <summary>Its time of day has come since it last was; also after the clock was set back.</summary>
    private static bool IsDue(ConnectionId connection, DateTimeOffset last, DateTimeOffset now)
    {
        var hash = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(connection.Text)));
        var ofDay = TimeSpan.FromSeconds(hash % Every.TotalSeconds).Ticks;
        var since = (now.UtcTicks - ofDay) % Every.Ticks;
        return last < now.AddTicks(-since) || last > now;
    }
}
