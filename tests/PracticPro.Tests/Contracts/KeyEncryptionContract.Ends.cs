using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Contracts;

/// <summary>How versions and keys end.</summary>
public abstract partial class KeyEncryptionContract
{
    [Fact]
    public async Task Versions_are_told_oldest_first_and_the_last_one_wraps()
    {
        var first = await Encryption.EnsureAsync(Here, Cancellation);
        var second = (await Encryption.RenewAsync(Here, Cancellation)).Expect();
        var third = (await Encryption.RenewAsync(Here, Cancellation)).Expect();

        var told = (await Encryption.VersionsAsync(Here, Cancellation)).Expect();

        // Versions of one second have no order of their own, but for the one that wraps.
        Assert.Equal([first, second, third], told.Select(one => one.Version).Order(ByMaking([first, second, third])));
        Assert.Equal(third, told[^1].Version);
        Assert.All(told, one => Assert.True(one.IsOn));
        Assert.IsType<VaultFailures.TenantKeyMissing>((await Encryption.VersionsAsync(There, Cancellation)).Failure);
    }

    [Fact]
    public async Task A_version_that_is_off_unwraps_nothing_and_the_newest_goes_on()
    {
        var first = await Encryption.EnsureAsync(Here, Cancellation);
        var old = await WrapAsync();
        (await Encryption.RenewAsync(Here, Cancellation)).Expect();
        var young = await WrapAsync();
        using var other = await OpenAnotherAsync();

        (await Encryption.SwitchOffAsync(Here, first, Cancellation)).Expect();
        (await Encryption.SwitchOffAsync(Here, first, Cancellation)).Expect();

        foreach (var program in (IKeyEncryption[])[Encryption, other.KeyEncryption])
        {
            Assert.IsType<VaultFailures.TenantKeyDisabled>(
                (await program.UnwrapAsync(Here, old, Records, Cancellation)).Failure);
            using var unwrapped = await UnwrapAsync(program, young);
            Assert.Equal([false, true], (await program.VersionsAsync(Here, Cancellation)).Expect().Select(one => one.IsOn));
        }

        Assert.Equal(young.Version, (await WrapAsync()).Version);
    }

    [Fact]
    public async Task The_newest_version_an_unknown_one_and_a_missing_key_are_not_switched_off()
    {
        var first = await Encryption.EnsureAsync(Here, Cancellation);

        Assert.IsType<VaultFailures.TenantKeyVersionNewest>(
            (await Encryption.SwitchOffAsync(Here, first, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyVersionUnknown>(
            (await Encryption.SwitchOffAsync(Here, KeyVersion.Parse("99"), Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await Encryption.SwitchOffAsync(There, first, Cancellation)).Failure);
        using var unwrapped = await UnwrapAsync(Encryption, await WrapAsync());
        Assert.Equal(key, unwrapped);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_destroyed_key_refuses_everything_in_every_program_and_is_never_made_anew()
    {
        var version = await Encryption.EnsureAsync(Here, Cancellation);
        var wrapped = await WrapAsync();
        using var other = await OpenAnotherAsync();
        using (await UnwrapAsync(other.KeyEncryption, wrapped))
        {
            // It has read the key once.
        }

        var destroyed = (await Encryption.DestroyAsync(Here, Cancellation)).Expect();

        Assert.Equal([version], destroyed.Versions);
        Assert.NotEqual(DestroyedKeyRemains.Everything, destroyed.Remains);
        using var later = await OpenAnotherAsync();
        foreach (var program in (IKeyEncryption[])[Encryption, other.KeyEncryption, later.KeyEncryption])
        {
            Assert.IsType<VaultFailures.TenantKeyDestroyed>(
                (await program.UnwrapAsync(Here, wrapped, Records, Cancellation)).Failure);
            Assert.IsType<VaultFailures.TenantKeyDestroyed>(
                (await program.WrapAsync(Here, key.RevealMemory("test"), Records, Cancellation)).Failure);
            Assert.IsType<VaultFailures.TenantKeyDestroyed>((await program.RenewAsync(Here, Cancellation)).Failure);
            Assert.IsType<VaultFailures.TenantKeyDestroyed>((await program.VersionsAsync(Here, Cancellation)).Failure);
            Assert.IsType<VaultFailures.TenantKeyDestroyed>(
                (await program.SwitchOffAsync(Here, version, Cancellation)).Failure);
            var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(
                async () => await program.EnsureAsync(Here, Cancellation));
            Assert.IsType<VaultFailures.TenantKeyDestroyed>(thrown.Failure);
        }
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task Destroying_twice_and_by_two_programs_at_once_is_destroying_once()
    {
        await Encryption.EnsureAsync(Here, Cancellation);
        using var other = await OpenAnotherAsync();

        var ends = await Task.WhenAll(new[] { Encryption, other.KeyEncryption, Encryption }.Select(
            one => Task.Run(async () => (await one.DestroyAsync(Here, Cancellation)).Expect())));
        var again = (await other.KeyEncryption.DestroyAsync(Here, Cancellation)).Expect();

        Assert.Single(ends.Append(again).Select(end => (end.BegunAt, end.Remains, end.RecoverableUntil)).Distinct());
        var told = await Encryption.FindDestructionAsync(Here, Cancellation);
        Assert.Equal((again.BegunAt, again.Remains), (told!.BegunAt, told.Remains));
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task Another_tenants_key_lives_on_and_a_missing_one_is_not_destroyed()
    {
        await Encryption.EnsureAsync(Here, Cancellation);
        var wrapped = await WrapAsync();

        Assert.IsType<VaultFailures.TenantKeyMissing>((await Encryption.DestroyAsync(There, Cancellation)).Failure);

        Assert.Null(await Encryption.FindDestructionAsync(There, Cancellation));
        Assert.Null(await Encryption.FindDestructionAsync(Here, Cancellation));
        await Encryption.EnsureAsync(There, Cancellation);
        (await Encryption.DestroyAsync(There, Cancellation)).Expect();
        using var unwrapped = await UnwrapAsync(Encryption, wrapped);
        Assert.Equal(key, unwrapped);
    }

    private static Comparer<KeyVersion> ByMaking(IList<KeyVersion> made) =>
        Comparer<KeyVersion>.Create((one, two) => made.IndexOf(one).CompareTo(made.IndexOf(two)));
}
