using System.Runtime.CompilerServices;
using PracticPro.Backup;
using PracticPro.Hosting.Status;
using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Hosting.Status;

/// <summary>Whoever asks is told which part cannot be used, since when, and why in a fixed phrase.</summary>
public sealed class ShowStatusTests
{
    private readonly FakeClock clock = new();
    private readonly TroubledFleet fleet = new();
    private readonly TroubledVault vault = new();
    private readonly BackupStatus backup = new();
    private readonly ShreddingOfTest shredding = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_is_well_when_every_part_answers()
    {
        var page = await Status().RunAsync(Cancellation);

        Assert.True(page.IsOk);
        Assert.Equal(["documents", "blobs", "keys"], page.Parts.Select(part => part.Part));
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_is_named_with_its_reason_and_since_when()
    {
        fleet.Trouble = new StorageUnavailableException("the disk is full");
        var status = Status();
        var first = clock.GetUtcNow();
        await status.RunAsync(Cancellation);
        clock.Advance(TimeSpan.FromMinutes(3));

        var page = await status.RunAsync(Cancellation);

        Assert.Equal(StatusPage.Degraded, page.State);
        Assert.Equal(new PartStatus("documents", PartStatus.Unavailable, "the disk is full", first), page.Parts[0]);
        Assert.Equal(PartStatus.Ok, page.Parts[1].State);
    }

    [Fact]
    [Trait("Promise", "OPS-1")]
    public async Task A_backup_that_stands_still_is_named_with_the_moment_up_to_which_all_is_covered()
    {
        var covered = clock.GetUtcNow() - TimeSpan.FromMinutes(2);
        backup.Set(new BackupStanding(IsOn: true, covered, Streams: 3, "the backup's place cannot be read or written", Unreadable: 0));

        var page = await Status().RunAsync(Cancellation);

        Assert.False(page.IsOk);
        Assert.Equal(
            new PartStatus("backup", PartStatus.Unavailable, "the backup's place cannot be read or written", covered), page.Parts[3]);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task Destroyed_keys_that_open_something_are_named_with_when_it_was_tried()
    {
        var tried = clock.GetUtcNow() - TimeSpan.FromMinutes(2);
        shredding.Now = new ShreddingStanding(null, tried);
        Assert.Equal(new PartStatus("shredding", PartStatus.Ok, null, null), (await Status().RunAsync(Cancellation)).Parts[3]);
        shredding.Now = new ShreddingStanding(ReadShredding.Opened, tried);

        var page = await Status().RunAsync(Cancellation);

        Assert.False(page.IsOk);
        Assert.Equal(new PartStatus("shredding", PartStatus.Unavailable, ReadShredding.Opened, tried), page.Parts[3]);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_keeps_no_old_page()
    {
        var status = Status();
        await status.RunAsync(Cancellation);
        clock.Set(clock.GetUtcNow() - TimeSpan.FromHours(1));
        clock.Advance(TimeSpan.FromSeconds(6));
        fleet.Trouble = new StorageUnavailableException("the disk is full");

        Assert.False((await status.RunAsync(Cancellation)).IsOk);
    }

    [Fact]
    public async Task What_an_unknown_trouble_says_is_not_repeated()
    {
        vault.Trouble = new InvalidOperationException("secret canary");

        var page = await Status().RunAsync(Cancellation);

        Assert.Equal("it answers with an error", page.Parts[2].Reason);
    }

    [Fact]
    public async Task Many_who_ask_cause_one_look_in_five_seconds()
    {
        var status = Status();
        for (var asked = 0; asked < 20; asked++)
        {
            await status.RunAsync(Cancellation);
        }

        Assert.Equal(1, fleet.Asked);
        clock.Advance(TimeSpan.FromSeconds(5));
        await status.RunAsync(Cancellation);
        Assert.Equal(2, fleet.Asked);
    }

    private ShowStatus Status() => new(fleet, new MemoryStorage(clock), vault, backup, shredding, clock);

    private sealed class ShreddingOfTest : IShreddingStatus
    {
        public ShreddingStanding? Now { get; set; }

        public ValueTask<ShreddingStanding?> NowAsync(CancellationToken cancellation) => ValueTask.FromResult(Now);
    }

    private sealed class TroubledFleet : IFleet
    {
        public Exception? Trouble { get; set; }

        public int Asked { get; private set; }

        public async IAsyncEnumerable<TenantId> TenantsAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await ValueTask.CompletedTask;
            yield break;
        }

        public ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation)
        {
            Asked++;
            return Trouble is null ? ValueTask.FromResult<FleetEntry?>(null) : throw Trouble;
        }

        public ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }

    private sealed class TroubledVault : IVault
    {
        public Exception? Trouble { get; set; }

        public IKeyEncryption KeyEncryption => throw new NotSupportedException();

        public PlatformKeys PlatformKeys => throw new NotSupportedException();

        public IFleetHashKeys FleetHashKeys => throw new NotSupportedException();

        public ISigningKeys SigningKeys => throw new NotSupportedException();

        public PlatformSigner Signer => throw new NotSupportedException();

        public ValueTask ProbeAsync(CancellationToken cancellation) =>
            Trouble is null ? ValueTask.CompletedTask : throw Trouble;

        public void Dispose()
        {
        }
    }
}
