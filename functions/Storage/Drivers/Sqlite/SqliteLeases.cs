using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// One tenant's leases. A row stays when its lease ends: it keeps the fence, which grows across restarts.
/// </summary>
internal sealed class SqliteLeases(TenantFile file) : ILeases
{
    private const string FindText = "SELECT expires_at FROM lease WHERE name = ?1";
    private const string GrantText = """
        INSERT INTO lease (name, fence, holder, granted_at, expires_at) VALUES (?1, 1, ?2, ?3, ?4)
        ON CONFLICT (name) DO UPDATE SET fence = fence + 1, holder = ?2, granted_at = ?3, expires_at = ?4
        RETURNING fence
        """;

    private const string RebaseText = """
        UPDATE lease SET granted_at = ?2, expires_at = ?2 + (expires_at - granted_at)
        WHERE name = ?1 AND granted_at > ?2 AND expires_at > granted_at
        """;

    private const string Held = "WHERE name = ?1 AND fence = ?2 AND holder = ?3 AND expires_at > ?4";
    // max: a short renewal does not end a lease sooner than its holder was told.
    private const string RenewText =
        $"UPDATE lease SET granted_at = ?4, expires_at = max(expires_at, ?5) {Held} RETURNING expires_at";

    private const string ReleaseText = $"UPDATE lease SET expires_at = 0 {Held}";

    public TenantId Tenant => file.Tenant;

    public ValueTask<LeaseOutcome> AcquireAsync(LeaseName name, TimeSpan duration, CancellationToken cancellation)
    {
        StorageLimits.CheckId(name.Text, "lease name");
        var length = Milliseconds.Positive(duration);
        return file.WriteAsync<LeaseOutcome>(
            writer =>
            {
                var now = file.Now;
                return TakenUntil(writer.Session, name, now) is { } until
                    ? new LeaseOutcome.Taken(Milliseconds.At(until))
                    : new LeaseOutcome.Granted(Grant(writer.Session, name, now, length));
            },
            cancellation);
    }

    public ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation)
    {
        var length = Milliseconds.Positive(duration);
        return file.WriteIfThereAsync(
            null,
            writer =>
            {
                var now = file.Now;
                CountAnewAfterClockStep(writer.Session, lease.Name, now);
                using var row = Bind(writer.Session.Prepare(RenewText), lease, now).With(5, now + length);
                return row.Step() ? lease with { ExpiresAt = Milliseconds.At(row.Number(0)) } : null;
            },
            cancellation);
    }

    public async ValueTask ReleaseAsync(Lease lease, CancellationToken cancellation) =>
        await file.WriteIfThereAsync(
            Done.Value,
            writer =>
            {
                Bind(writer.Session.Prepare(ReleaseText), lease, file.Now).Run();
                return Done.Value;
            },
            cancellation);

    private static Statement Bind(Statement statement, Lease lease, long now) =>
        statement.With(1, lease.Name.Text).With(2, lease.Fence).With(3, lease.Holder).With(4, now);

    /// <summary>When the lease that is held ends, or null when none is.</summary>
    private static long? TakenUntil(Session session, LeaseName name, long now)
    {
        CountAnewAfterClockStep(session, name, now);
        using var row = session.Prepare(FindText).With(1, name.Text);
        return row.Step() && row.Number(0) > now ? row.Number(0) : null;
    }

    // A lease that was granted in the future: the clock was set back since. It gets its length again from now, and
    // is not held for all the time the clock went back.
    private static void CountAnewAfterClockStep(Session session, LeaseName name, long now) =>
        session.Prepare(RebaseText).With(1, name.Text).With(2, now).Run();

    private static Lease Grant(Session session, LeaseName name, long now, long length)
    {
        var holder = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using var row = session.Prepare(GrantText)
            .With(1, name.Text).With(2, holder).With(3, now).With(4, now + length);
        row.Step();
        return new Lease(name, row.Number(0), Milliseconds.At(now + length), holder);
    }
}
