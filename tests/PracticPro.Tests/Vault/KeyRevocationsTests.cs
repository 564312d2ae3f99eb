using System.Collections.Concurrent;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>Several processes, each with a ring and an ear of its own, over one store.</summary>
public sealed class KeyRevocationsTests : IDisposable
{
    private readonly VaultFixture vault = Make();
    private readonly SharedFleet fleet = new();
    private readonly List<IDisposable> opened = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        opened.ForEach(each => each.Dispose());
        vault.Dispose();
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task What_one_process_revokes_is_zeroed_in_all()
    {
        var (here, there) = (Process(), Process());
        var ofHere = await here.Ring.OpenAsync(A, Cancellation);
        var ofThere = await there.Ring.OpenAsync(A, Cancellation);

        await here.Revocations.AnnounceAsync(A, Cancellation);
        Assert.Throws<KeysExpiredException>(() => ofHere.Seal(Purpose.Records, Place, default));

        vault.Clock.Advance(KeyRevocations.Every);
        Assert.Equal(0, there.Ring.Held);
        Assert.Throws<KeysExpiredException>(() => ofThere.Seal(Purpose.Records, Place, default));
    }

    [Fact]
    public async Task Another_tenants_keys_are_left_alone()
    {
        var (here, there) = (Process(), Process());
        var ofThere = await there.Ring.OpenAsync(B, Cancellation);

        await here.Revocations.AnnounceAsync(A, Cancellation);
        vault.Clock.Advance(KeyRevocations.Every);

        Assert.True(ofThere.Seal(Purpose.Records, Place, default).Length > 0);
    }

    [Fact]
    public async Task Announcements_made_at_once_are_all_heard()
    {
        var speakers = Enumerable.Range(0, 20).Select(_ => Process()).ToList();
        var listener = Process();
        await listener.Ring.OpenAsync(A, Cancellation);
        await listener.Ring.OpenAsync(B, Cancellation);

        await Task.WhenAll(speakers.Select((speaker, at) =>
            speaker.Revocations.AnnounceAsync(at % 2 == 0 ? A : B, Cancellation).AsTask()));
        vault.Clock.Advance(KeyRevocations.Every);

        Assert.Equal(20, fleet.Count);
        Assert.Equal(0, listener.Ring.Held);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task A_process_that_starts_later_hears_the_next_one(int earlier)
    {
        var speaker = Process();
        for (var at = 0; at < earlier; at++)
        {
            await speaker.Revocations.AnnounceAsync(B, Cancellation);
        }

        var late = Process();
        var keys = await late.Ring.OpenAsync(A, Cancellation);
        await speaker.Revocations.AnnounceAsync(A, Cancellation);
        vault.Clock.Advance(KeyRevocations.Every);

        Assert.Equal(earlier + 1, fleet.Count);
        Assert.Throws<KeysExpiredException>(() => keys.Seal(Purpose.Records, Place, default));
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_process_that_hears_nothing_uses_no_keys_after_half_a_minute()
    {
        var process = Process();
        var keys = await process.Ring.OpenAsync(A, Cancellation);
        fleet.IsDown = true;

        vault.Clock.Advance(RevocationHearing.Patience);
        Assert.True(keys.Seal(Purpose.Records, Place, default).Length > 0);

        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Throws<KeysExpiredException>(() => keys.Seal(Purpose.Records, Place, default));
        await Assert.ThrowsAsync<IOException>(async () => await process.Ring.OpenAsync(A, Cancellation));

        vault.Clock.Advance(KeyRevocations.Every);
        Assert.Equal(0, process.Ring.Held);
    }

    [Fact]
    public async Task A_short_silence_stops_nobody()
    {
        var process = Process();
        await process.Ring.OpenAsync(A, Cancellation);
        fleet.IsDown = true;
        vault.Clock.Advance(TimeSpan.FromSeconds(20));

        var keys = await process.Ring.OpenAsync(A, Cancellation);

        Assert.True(keys.Seal(Purpose.Records, Place, default).Length > 0);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task No_process_has_the_keys_at_the_moment_that_was_promised()
    {
        var (here, deaf) = (Process(), Process());
        var keys = await deaf.Ring.OpenAsync(A, Cancellation);
        fleet.DownFor = deaf.Fleet;

        var from = await here.Revocations.AnnounceAsync(A, Cancellation);
        vault.Clock.Advance(from - vault.Clock.GetUtcNow());

        Assert.Throws<KeysExpiredException>(() => keys.Seal(Purpose.Records, Place, default));
    }

    [Fact]
    public async Task A_stream_that_was_begun_ends_as_well()
    {
        var (here, there) = (Process(), Process());
        var keys = await there.Ring.OpenAsync(A, Cancellation);
        await using var sealing = SealedStreams.Seal(keys, Purpose.Export, Place, new MemoryStream(new byte[300_000]));
        await sealing.ReadExactlyAsync(new byte[1000], Cancellation);

        await here.Revocations.AnnounceAsync(A, Cancellation);
        vault.Clock.Advance(KeyRevocations.Every);

        await Assert.ThrowsAsync<KeysExpiredException>(() => sealing.CopyToAsync(Stream.Null, Cancellation));
    }

    private (KeyRing Ring, KeyRevocations Revocations, IFleet Fleet) Process()
    {
        var own = new OwnWay(fleet);
        var revocations = new KeyRevocations(own, vault.Clock);
        var ring = new KeyRing(vault.Storage, vault.Encryption, vault.Clock, new KeyRingOptions(), revocations);
        opened.Add(ring);
        opened.Add(revocations);
        return (ring, revocations, own);
    }

    /// <summary>One process's way to the fleet, which can be cut for it alone.</summary>
    private sealed class OwnWay(SharedFleet shared) : IFleet
    {
        public IAsyncEnumerable<TenantId> TenantsAsync(CancellationToken cancellation) => shared.TenantsAsync(cancellation);

        public ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation) =>
            shared.DownFor == this ? throw new IOException("unreachable") : shared.FindAsync(key, cancellation);

        public ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) =>
            shared.ClaimAsync(key, entry, cancellation);

        public ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) =>
            shared.ReleaseAsync(key, entry, cancellation);
    }

    private sealed class SharedFleet : IFleet
    {
        private readonly ConcurrentDictionary<FleetKey, FleetEntry> entries = new();

        public bool IsDown { get; set; }

        public IFleet? DownFor { get; set; }

        public int Count => entries.Count;

        public IAsyncEnumerable<TenantId> TenantsAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<TenantId>();

        public ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation) => IsDown
            ? throw new IOException("unreachable")
            : ValueTask.FromResult<FleetEntry?>(entries.TryGetValue(key, out var found) ? found : null);

        public ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) =>
            ValueTask.FromResult(entries.GetOrAdd(key, entry) == entry);

        public ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
        {
            entries.TryRemove(KeyValuePair.Create(key, entry));
            return ValueTask.CompletedTask;
        }
    }
}
