using System.Collections.Immutable;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>How long a process goes on with what it knows of the platform's keys.</summary>
public sealed class PlatformKeysTests : IDisposable
{
    private readonly VaultFixture vault = VaultFixture.Make();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => vault.Dispose();

    [Fact]
    public async Task A_new_generation_is_heard_of_within_the_time_it_is_looked_anew()
    {
        using var keys = await PlatformKeys.OpenAsync(vault.Local.FleetHashKeys, vault.Clock, Cancellation);
        await vault.Local.FleetHashKeys.MakeAsync(2, vault.Clock.GetUtcNow(), Cancellation);
        Assert.Single((await keys.HashAsync("sign-in", "ada", Cancellation)).Known);
        vault.Clock.Advance(PlatformKeys.LookEvery);
        var hashes = await keys.HashAsync("sign-in", "ada", Cancellation);
        Assert.Equal(hashes.Known.Reverse(), hashes.Claimed);
        Assert.Equal(2, hashes.Known.Distinct().Count());
    }

    [Fact]
    public async Task A_process_that_cannot_look_goes_on_for_a_while_and_then_hashes_nothing()
    {
        var away = new AwayKeys(vault.Local.FleetHashKeys);
        using var keys = await PlatformKeys.OpenAsync(away, vault.Clock, Cancellation);
        var before = await keys.HashAsync("sign-in", "ada", Cancellation);
        away.Trouble = new StorageUnavailableException("a test", null);
        vault.Clock.Advance(PlatformKeys.TrustFor - TimeSpan.FromSeconds(1));
        Assert.Equal(before.Known, (await keys.HashAsync("sign-in", "ada", Cancellation)).Known);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<KeyStoreUnavailableException>(async () => await keys.HashAsync("sign-in", "ada", Cancellation));
        away.Trouble = null;
        Assert.Equal(before.Known, (await keys.HashAsync("sign-in", "ada", Cancellation)).Known);
    }

    [Fact]
    public async Task What_is_decided_is_known_to_all_before_it_counts()
    {
        // A process may have looked just before a generation was made, and go on with that for as long as it is trusted.
        Assert.True(PracticPro.Keys.Platform.PlatformPace.OfMany.KnownBefore >= PlatformKeys.TrustFor + TimeSpan.FromMinutes(5));
        Assert.True(PlatformKeys.LookEvery < PlatformKeys.TrustFor);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_retired_generation_is_hashed_under_no_more()
    {
        using var keys = await PlatformKeys.OpenAsync(vault.Local.FleetHashKeys, vault.Clock, Cancellation);
        await vault.Local.FleetHashKeys.MakeAsync(2, vault.Clock.GetUtcNow(), Cancellation);
        await vault.Local.FleetHashKeys.RetireAsync(1, Cancellation);
        await keys.LookAsync(Cancellation);
        Assert.Equal(2, Assert.Single(keys.Generations).Number);
        Assert.Single((await keys.HashAsync("sign-in", "ada", Cancellation)).Known);
    }

    private sealed class AwayKeys(IFleetHashKeys keys) : IFleetHashKeys
    {
        public Exception? Trouble { get; set; }

        public ValueTask<ImmutableArray<FleetHashGeneration>> ReadAsync(CancellationToken cancellation) =>
            Trouble is null ? keys.ReadAsync(cancellation) : throw Trouble;

        public ValueTask<SecretBytes> OpenAsync(int number, CancellationToken cancellation) => keys.OpenAsync(number, cancellation);

        public ValueTask MakeAsync(int number, DateTimeOffset usedFrom, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask LetGoAsync(int number, DateTimeOffset from, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask RetireAsync(int number, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask EndRetiredAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
