using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Keys.Platform;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys.Platform;

/// <summary>The change of the fleet hash key as a whole: it may die anywhere, run twice at once, and nobody notices.</summary>
public sealed class RotateFleetHashTests : IDisposable
{
    private static readonly EmailAddress Mailbox = EmailAddress.Parse("front@practice.example");
    private static readonly EmailAddress Given = EmailAddress.Parse("given-back@practice.example");

    private readonly VaultFixture vault = VaultFixture.Make();
    private readonly MemoryFleet fleet = new();
    private readonly List<RotateFleetHash.News> news = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => vault.Dispose();

    [Fact]
    public async Task Everybody_is_under_the_new_key_and_nothing_under_the_old_one()
    {
        var people = await FillAsync();
        var before = fleet.Entries.Keys.ToHashSet();
        (await DriveAsync(Program().RunAsync(false, news.Add, Cancellation))).Expect();

        Assert.Empty(before.Intersect(fleet.Entries.Keys));
        Assert.Equal(before.Count, fleet.Entries.Count);
        var retired = Assert.IsType<RotateFleetHash.News.Retired>(news[^1]);
        Assert.Equal((0, before.Count), (retired.Proof.Moved, retired.Proof.Entries));
        Assert.Equal(2, Assert.Single(await vault.Local.FleetHashKeys.ReadAsync(Cancellation)).Number);
        await AssertAllSignInAsync(people);
    }

    [Fact]
    public async Task Everybody_is_found_before_every_step_also_by_who_read_the_keys_a_while_ago()
    {
        var people = await FillAsync();
        var now = await vault.Local.FleetHashKeys.ReadAsync(Cancellation);
        var readers = new List<FleetDirectory> { await ReaderAsync() };
        async Task LookAsync(int step, bool writes)
        {
            if (!(await vault.Local.FleetHashKeys.ReadAsync(Cancellation)).SequenceEqual(now))
            {
                now = await vault.Local.FleetHashKeys.ReadAsync(Cancellation);
                readers.Add(await ReaderAsync());
            }

            foreach (var (name, entry) in people)
            {
                foreach (var reader in readers)
                {
                    Assert.Equal(entry, await SignInDirectory.FindAsync(reader, name, Cancellation));
                }
            }
        }

        (await DriveAsync(Program(LookAsync, pace: PlatformPace.OfMany).RunAsync(false, news.Add, Cancellation))).Expect();
        Assert.True(readers.Count > 2);
    }

    [Fact]
    public async Task A_name_taken_under_the_old_key_is_refused_at_every_step()
    {
        var people = await FillAsync();
        var other = new FleetEntry(TenantId.New(vault.Clock), "person-other");
        var reader = await ReaderAsync();
        async Task TryAsync(int step, bool writes)
        {
            foreach (var (name, _) in people)
            {
                Assert.False(await SignInDirectory.ClaimAsync(reader, name, other, Cancellation));
            }
        }

        (await DriveAsync(Program(TryAsync, pace: PlatformPace.OfMany).RunAsync(false, news.Add, Cancellation))).Expect();
    }

    [Fact]
    public async Task A_run_that_dies_at_any_write_is_gone_on_with_by_the_next()
    {
        for (var dies = 1; ; dies++)
        {
            using var fixture = new RotateFleetHashTests();
            var people = await fixture.FillAsync();
            var left = dies;
            Task DieAsync(int step, bool writes) =>
                writes && --left == 0 ? throw new IOException("The power is gone.") : Task.CompletedTask;
            var dying = new DyingKeys(fixture.vault.Local.FleetHashKeys, DieAsync);
            var died = false;
            try
            {
                await fixture.DriveAsync(fixture.Program(DieAsync, dying).RunAsync(false, fixture.news.Add, Cancellation));
            }
            catch (IOException)
            {
                died = true;
            }

            await fixture.AssertAllSignInAsync(people);
            if (!died)
            {
                Assert.True(dies > 12);
                return;
            }

            var outcome = await fixture.DriveAsync(fixture.Program().RunAsync(false, fixture.news.Add, Cancellation));
            Assert.True(outcome.Succeeded || outcome.Failure is PlatformFailures.ChangedLately);
            Assert.Equal(2, Assert.Single(await fixture.vault.Local.FleetHashKeys.ReadAsync(Cancellation)).Number);
            await fixture.AssertAllSignInAsync(people);
            Assert.Equal(8, fixture.fleet.Entries.Count);
        }
    }

    [Fact]
    public async Task Two_runs_at_once_make_one_change()
    {
        var people = await FillAsync();
        var outcomes = await DriveAsync(Task.WhenAll(
            Program().RunAsync(false, _ => { }, Cancellation), Program().RunAsync(false, _ => { }, Cancellation)));
        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded || outcome.Failure is PlatformFailures.ChangedLately));
        Assert.Equal(2, Assert.Single(await vault.Local.FleetHashKeys.ReadAsync(Cancellation)).Number);
        await AssertAllSignInAsync(people);
    }

    [Fact]
    public async Task Practices_opened_while_it_goes_on_are_under_the_new_key_as_well()
    {
        var people = await FillAsync();
        var run = Program().RunAsync(false, news.Add, Cancellation);
        var program = await ReaderAsync();
        var made = 0;
        while (!run.IsCompleted)
        {
            if (made++ < 20)
            {
                people.Add(await FoundAsync($"new-{made}@practice.example", program));
            }

            vault.Clock.Advance(TimeSpan.FromSeconds(10));
            await Deadline.MomentAsync(Cancellation);
        }

        (await run).Expect();
        await AssertAllSignInAsync(people);
    }

    [Fact]
    public async Task A_practice_that_cannot_be_read_keeps_the_old_key()
    {
        var people = await FillAsync();
        using var away = VaultFixture.Make();
        var program = Program(ring: new KeyRing(vault.Storage, away.Local.KeyEncryption, vault.Clock, new KeyRingOptions()));
        var outcome = await DriveAsync(program.RunAsync(false, news.Add, Cancellation));
        Assert.IsType<PlatformFailures.NotAllRead>(outcome.Failure);
        Assert.Equal(2, (await vault.Local.FleetHashKeys.ReadAsync(Cancellation)).Length);
        await AssertAllSignInAsync(people);
        (await DriveAsync(Program().RunAsync(false, news.Add, Cancellation))).Expect();
        await AssertAllSignInAsync(people);
    }

    [Fact]
    public async Task A_practice_whose_keys_are_destroyed_keeps_nothing_and_stops_nothing()
    {
        var people = await FillAsync();
        var (name, gone) = people[2];
        (await vault.Local.KeyEncryption.DestroyAsync(gone.Tenant, Cancellation)).Expect();
        using var ring = new KeyRing(vault.Storage, vault.Local.KeyEncryption, vault.Clock, new KeyRingOptions());
        (await DriveAsync(Program(ring: ring).RunAsync(false, news.Add, Cancellation))).Expect();

        Assert.Equal(1, Assert.IsType<RotateFleetHash.News.Retired>(news[^1]).Proof.Gone);
        var program = await ReaderAsync();
        Assert.Null(await SignInDirectory.FindAsync(program, name, Cancellation));
        Assert.False(await TenantDirectory.HasAsync(program, gone.Tenant, Cancellation));
        await AssertAllSignInAsync(people[..2]);
    }

    [Theory]
    [InlineData(DestroyedKeyRemains.InBin, true)]
    [InlineData(DestroyedKeyRemains.Everything, false)]
    public async Task A_practice_in_the_bin_is_not_waited_for_and_one_whose_key_is_there_is(object remains, bool isDone)
    {
        var people = await FillAsync();
        (await vault.Local.KeyEncryption.DestroyAsync(people[2].Entry.Tenant, Cancellation)).Expect();
        using var ring = new KeyRing(vault.Storage, vault.Local.KeyEncryption, vault.Clock, new KeyRingOptions());
        var left = new Left(vault.Local.KeyEncryption, (DestroyedKeyRemains)remains);

        var walk = await Enter(fleet, ring, vault.Local.PlatformKeys, left).RunAsync(letGo: false, null, Cancellation);

        Assert.Equal(isDone ? (1, 0) : (0, 1), (walk.Gone, walk.UnreadPractices));
    }

    [Fact]
    public async Task A_change_just_done_is_not_begun_again_unless_it_is_asked_for()
    {
        await FillAsync();
        (await DriveAsync(Program().RunAsync(false, news.Add, Cancellation))).Expect();
        Assert.IsType<PlatformFailures.ChangedLately>((await Program().RunAsync(false, news.Add, Cancellation)).Failure);
        (await DriveAsync(Program().RunAsync(true, news.Add, Cancellation))).Expect();
        Assert.Equal(3, Assert.Single(await vault.Local.FleetHashKeys.ReadAsync(Cancellation)).Number);
    }

    [Fact]
    public async Task A_directory_under_a_key_that_is_gone_is_made_anew_from_the_records()
    {
        var people = await FillAsync();
        fleet.Entries.Clear();
        Assert.Null(await SignInDirectory.FindAsync(await ReaderAsync(), people[0].Name, Cancellation));
        foreach (var tenant in people.Select(one => one.Entry.Tenant))
        {
            fleet.Entries[new FleetKey("of-a-key-that-is-gone", tenant.Text)] = new FleetEntry(tenant, "x");
        }

        var walk = await Enter(fleet, vault.Ring, vault.Local.PlatformKeys).RunAsync(letGo: false, null, Cancellation);
        Assert.Equal((3L, 7L), (walk.Practices, walk.Moved));
        await AssertAllSignInAsync(people);
    }

    /// <summary>Three practices; one has a mailbox, and one that it disconnected and has not yet let go.</summary>
    private async Task<List<(EmailAddress Name, FleetEntry Entry)>> FillAsync()
    {
        var program = new FleetDirectory(fleet, vault.Local.PlatformKeys);
        List<(EmailAddress Name, FleetEntry Entry)> people = [];
        for (var at = 0; at < 3; at++)
        {
            people.Add(await FoundAsync($"owner-{at}@practice.example", program));
        }

        var scope = await Scopes(vault.Ring).OpenAsync(people[0].Entry.Tenant, Cancellation);
        foreach (var (mailbox, state) in new[] { (Mailbox, ConnectionState.Active), (Given, ConnectionState.Disconnected) })
        {
            var connection = new Connection(
                ConnectionId.New(vault.Clock), GmailConnector.Name, new ConnectedAccount(mailbox.Normalised, mailbox.Text), state, [], PersonId.New(vault.Clock), vault.Clock.GetUtcNow());
            await AccountDirectory.ClaimAsync(
                program, GmailConnector.Name, mailbox.Normalised, new FleetEntry(scope.Tenant, connection.Id.Text), Cancellation);
            await scope.CommitAsync([scope.Put(SyncKinds.Connection, connection, Condition.Absent)], Cancellation);
        }

        return people;
    }

    private async Task<(EmailAddress Name, FleetEntry Entry)> FoundAsync(string name, FleetDirectory program)
    {
        var order = new CreatePractice.Order("Practice", "practice-os", "Olga", name, new SecretText(Premises.Password));
        var create = new CreatePractice(Scopes(vault.Ring), program, vault.Clock);
        (await create.RunAsync(order, Cancellation)).Expect();
        var address = EmailAddress.Parse(name);
        return (address, (await SignInDirectory.FindAsync(program, address, Cancellation))!.Value);
    }

    private async Task AssertAllSignInAsync(List<(EmailAddress Name, FleetEntry Entry)> people)
    {
        var program = await ReaderAsync();
        foreach (var (name, entry) in people)
        {
            Assert.Equal(entry, await SignInDirectory.FindAsync(program, name, Cancellation));
            Assert.True(await TenantDirectory.HasAsync(program, entry.Tenant, Cancellation));
        }

        Assert.Equal(people[0].Entry.Tenant, (await AccountDirectory.FindAsync(program, GmailConnector.Name, Mailbox.Normalised, Cancellation))?.Tenant);
    }

    private async Task<FleetDirectory> ReaderAsync() =>
        new(fleet, await PlatformKeys.OpenAsync(vault.Local.FleetHashKeys, vault.Clock, Cancellation));

    private RotateFleetHash Program(Func<int, bool, Task>? before = null, IFleetHashKeys? keys = null, KeyRing? ring = null, PlatformPace? pace = null)
    {
        var own = before is null ? (IFleet)fleet : new SteppedFleet(fleet, before);
        return new RotateFleetHash(
            Enter(own, ring ?? vault.Ring, vault.Local.PlatformKeys), vault.Local.PlatformKeys,
            keys ?? vault.Local.FleetHashKeys, pace ?? PlatformPace.OfOne, vault.Clock);
    }

    private EnterFleet Enter(IFleet own, KeyRing ring, PlatformKeys platform, IKeyEncryption? encryption = null) => new(
        own, Scopes(ring), new FleetDirectory(own, platform), encryption ?? vault.Local.KeyEncryption,
        [new SignInDirectory.Listing(), new TenantDirectory.Listing(), new AccountDirectory.Listing()]);

    private TenantScopes Scopes(KeyRing ring) => new(vault.Storage, ring, new QueueBell(), vault.Clock);

    private async Task<T> DriveAsync<T>(Task<T> run)
    {
        while (!run.IsCompleted)
        {
            vault.Clock.Advance(TimeSpan.FromSeconds(20));
            await Deadline.MomentAsync(Cancellation);
        }

        return await run;
    }

    /// <summary>A store that keeps this much of a key that was destroyed.</summary>
    private sealed class Left(IKeyEncryption inner, DestroyedKeyRemains remains) : IKeyEncryption
    {
        public ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) => inner.EnsureAsync(tenant, cancellation);

        public ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation) => inner.RenewAsync(tenant, cancellation);

        public ValueTask<Outcome<WrappedKey>> WrapAsync(
            TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation) =>
            inner.WrapAsync(tenant, key, context, cancellation);

        public ValueTask<Outcome<SecretBytes>> UnwrapAsync(
            TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation) =>
            inner.UnwrapAsync(tenant, wrapped, context, cancellation);

        public ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.VersionsAsync(tenant, cancellation);

        public ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation) =>
            inner.SwitchOffAsync(tenant, version, cancellation);

        public ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.DestroyAsync(tenant, cancellation);

        public async ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation) =>
            await inner.FindDestructionAsync(tenant, cancellation) is { } found ? found with { Remains = remains } : null;
    }

    private sealed class DyingKeys(IFleetHashKeys keys, Func<int, bool, Task> before) : IFleetHashKeys
    {
        public ValueTask<ImmutableArray<FleetHashGeneration>> ReadAsync(CancellationToken cancellation) => keys.ReadAsync(cancellation);

        public ValueTask<SecretBytes> OpenAsync(int number, CancellationToken cancellation) => keys.OpenAsync(number, cancellation);

        public ValueTask MakeAsync(int number, DateTimeOffset usedFrom, CancellationToken cancellation) =>
            DoAsync(() => keys.MakeAsync(number, usedFrom, cancellation));

        public ValueTask LetGoAsync(int number, DateTimeOffset from, CancellationToken cancellation) =>
            DoAsync(() => keys.LetGoAsync(number, from, cancellation));

        public ValueTask RetireAsync(int number, CancellationToken cancellation) =>
            DoAsync(() => keys.RetireAsync(number, cancellation));

        public ValueTask EndRetiredAsync(CancellationToken cancellation) => DoAsync(() => keys.EndRetiredAsync(cancellation));

        private async ValueTask DoAsync(Func<ValueTask> act)
        {
            await before(0, true);
            await act();
        }
    }
}
