using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Keys;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Tests.Keys;

/// <summary>From the owner's consent to the leaf of the last open, over the program as it is put together.</summary>
[Trait("Promise", "STAFF-2")]
public sealed class LeaseUseCaseTests
{
    private const string Reason = "The mailbox list shows one mailbox twice.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_leased_can_be_read_and_every_step_is_on_the_log()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var lease = (await GrantAsync(premises, session)).Expect();

        var read = (await ReadAsync(premises, lease, session)).Expect();
        (await ReadAsync(premises, lease, session)).Expect();

        Assert.Equal(premises.Connection, read.Id);
        var granted = Assert.Single(await premises.LeavesAsync(AuditAct.LeaseGranted));
        Assert.Equal(premises.Owner.Actor.Label, granted.Actor);
        Assert.Contains(new AuditSubject("key-lease", lease.Text), granted.Subjects);
        Assert.Equal(new AuditValue.Known(Reason), Assert.Single(granted.Values).Value);
        var opened = await premises.LeavesAsync(AuditAct.LeaseOpened);
        Assert.Equal(2, opened.Count);
        Assert.All(opened, leaf =>
        {
            Assert.Equal("job:key-lease-session", leaf.Actor);
            Assert.Contains(new AuditSubject("key-lease", lease.Text), leaf.Subjects);
            Assert.Contains(new AuditSubject("record-kind", "connection"), leaf.Subjects);
            Assert.Contains(new AuditSubject("record", premises.Connection.Text), leaf.Subjects);
            Assert.Equal(granted.Subjects.Single(one => one.Kind == "session-key"), leaf.Subjects.Single(one => one.Kind == "session-key"));
        });
    }

    [Fact]
    public async Task A_revoked_lease_is_gone_from_the_store_and_on_the_ledger()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var lease = (await GrantAsync(premises, session)).Expect();
        (await ReadAsync(premises, lease, session)).Expect();

        (await premises.Get<RevokeLease>().RunAsync(premises.Owner, lease, Cancellation)).Expect();

        Assert.IsType<LeaseFailures.None>((await ReadAsync(premises, lease, session)).Failure);
        Assert.IsType<LeaseFailures.None>((await premises.Get<RevokeLease>().RunAsync(premises.Owner, lease, Cancellation)).Failure);
        var store = premises.Get<IStorage>().For(premises.Tenant);
        Assert.Null(await store.Documents.FindAsync(KeyLease.KeyOf(lease), Cancellation));
        Assert.Contains(
            (await ErasureLedger.ReadAsync(store.Logs, 0, Cancellation)).SelectMany(entry => entry.Keys),
            erased => erased == new ErasedDocument("key-lease", lease.Text));
        Assert.Single(await premises.LeavesAsync(AuditAct.LeaseRevoked));
        Assert.Single(await premises.LeavesAsync(AuditAct.LeaseOpened));
    }

    [Fact]
    public async Task A_log_that_takes_nothing_keeps_everything_shut()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var lease = (await GrantAsync(premises, session)).Expect();
        var fails = false;
        await premises.CrashAsync();
        await premises.StartAsync(() =>
        {
            if (fails)
            {
                throw new IOException("No space left.");
            }
        });
        (await ReadAsync(premises, lease, session)).Expect();
        fails = true;

        await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(premises, lease, session));

        fails = false;
        Assert.Single(await premises.LeavesAsync(AuditAct.LeaseOpened));
    }

    [Fact]
    public async Task Only_an_owner_grants_and_revokes()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var lease = (await GrantAsync(premises, session)).Expect();
        var desk = premises.Owner with { Person = premises.Owner.Person with { Role = Roles.FrontDesk } };

        Assert.IsType<AccessFailures.NotAllowed>((await GrantAsync(premises, session, by: desk)).Failure);
        Assert.IsType<AccessFailures.NotAllowed>((await premises.Get<RevokeLease>().RunAsync(desk, lease, Cancellation)).Failure);
        Assert.True((await ReadAsync(premises, lease, session)).Succeeded);
    }

    [Fact]
    public async Task A_lease_is_not_granted_without_a_reason()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();

        Assert.IsType<KeysFailures.NoReason>((await GrantAsync(premises, session, reason: " ")).Failure);
        Assert.IsType<KeysFailures.NoReason>((await GrantAsync(premises, session, reason: new string('a', 501))).Failure);
        Assert.Empty(await premises.LeavesAsync(AuditAct.LeaseGranted));
    }

    [Fact]
    public async Task Leases_that_are_over_are_cleared_away_by_the_next_one()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var over = (await GrantAsync(premises, session)).Expect();
        await premises.PassAsync(TimeSpan.FromHours(1));
        var next = (await GrantAsync(premises, session)).Expect();

        var documents = premises.Get<IStorage>().For(premises.Tenant).Documents;
        Assert.Null(await documents.FindAsync(KeyLease.KeyOf(over), Cancellation));
        Assert.NotNull(await documents.FindAsync(KeyLease.KeyOf(next), Cancellation));
    }

    [Fact]
    public async Task All_leases_of_a_practice_can_be_ended_at_once_and_without_its_keys()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var leases = new[] { (await GrantAsync(premises, session)).Expect(), (await GrantAsync(premises, session)).Expect() };
        premises.Get<KeyRing>().Revoke(premises.Tenant);
        var end = premises.Get<EndLeases>();

        Assert.Equal(2, await end.RunAsync(premises.Tenant, new Actor.Job("destruction"), Cancellation));
        Assert.Equal(0, await end.RunAsync(premises.Tenant, new Actor.Job("destruction"), Cancellation));

        foreach (var lease in leases)
        {
            Assert.IsType<LeaseFailures.None>((await ReadAsync(premises, lease, session)).Failure);
        }

        var leaf = Assert.Single(await premises.LeavesAsync(AuditAct.LeaseRevoked));
        Assert.Equal(("job:destruction", 2), (leaf.Actor, Assert.Single(leaf.Counts).Value));
    }

    [Fact]
    [Trait("Promise", "STAFF-1")]
    public async Task A_record_that_is_not_there_is_told_from_one_that_is_not_leased()
    {
        await using var premises = await Premises.ConnectedAsync();
        using var session = SessionKey.Make();
        var lease = (await GrantAsync(premises, session)).Expect();
        var read = premises.Get<ReadUnderLease>();

        Assert.IsType<KeysFailures.NoSuchRecord>(
            (await read.RunAsync(premises.Tenant, lease, session, SyncKinds.Connection, "nowhere", Cancellation)).Failure);
        Assert.IsType<LeaseFailures.OutOfScope>((await read.RunAsync(
            premises.Tenant, lease, session, SyncKinds.Cursor, MirrorKey.Of(premises.Connection, MirrorKey.Mailbox), Cancellation)).Failure);
        Assert.IsType<LeaseFailures.None>((await read.RunAsync(
            premises.Tenant, KeyLeaseId.New(premises.Clock), session, SyncKinds.Connection, premises.Connection.Text, Cancellation)).Failure);
    }

    private static Task<Outcome<KeyLeaseId>> GrantAsync(
        Premises premises, SessionKey session, SignedIn? by = null, string reason = Reason)
    {
        var wish = LeaseWish.Chosen.Of(SyncKinds.Connection, premises.Connection.Text);
        var now = premises.Clock.GetUtcNow();
        return premises.Get<GrantLease>().RunAsync(
            by ?? premises.Owner, new GrantLease.Order(session.Public, wish, now, now + TimeSpan.FromHours(1), reason), Cancellation);
    }

    private static Task<Outcome<Connection>> ReadAsync(Premises premises, KeyLeaseId lease, SessionKey session) =>
        premises.Get<ReadUnderLease>().RunAsync(
            premises.Tenant, lease, session, SyncKinds.Connection, premises.Connection.Text, Cancellation);
}
