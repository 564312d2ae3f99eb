using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>What becomes of versions in the vault when a key of the platform is followed by another.</summary>
public sealed class KeyVaultPlatformKeysTests
{
    private static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_version_a_retired_hash_key_lies_under_is_switched_off_and_no_other()
    {
        await using var premises = await VaultPremises.OpenAsync();
        using var vault = await premises.VaultAsync();
        var name = VaultKeyName.Platform(premises.Options.PlatformKey);
        var first = (await vault.Keys.FindAsync(name, Cancellation)).Expect().Version;
        await vault.FleetHashKeys.MakeAsync(2, Past, Cancellation);
        await vault.FleetHashKeys.LetGoAsync(1, Past, Cancellation);
        await vault.FleetHashKeys.EndRetiredAsync(Cancellation);
        Assert.All((await vault.Keys.VersionsAsync(name, Cancellation)).Expect(), version => Assert.True(version.IsEnabled));

        await vault.FleetHashKeys.RetireAsync(1, Cancellation);
        await vault.FleetHashKeys.EndRetiredAsync(Cancellation);

        var versions = (await vault.Keys.VersionsAsync(name, Cancellation)).Expect();
        Assert.Equal([first], versions.Where(version => !version.IsEnabled).Select(version => version.Version));
        Assert.Equal(2, versions.Count);
        (await premises.VaultAsync()).Dispose();
    }

    [Fact]
    public async Task A_version_of_the_signing_key_that_a_crash_left_does_not_sign()
    {
        await using var premises = await VaultPremises.OpenAsync();
        using var vault = await premises.VaultAsync();
        using var left = await vault.SigningKeys.MakeAsync(Cancellation);
        using var later = await premises.VaultAsync();
        Assert.Equal(vault.Signer.KeyId, later.Signer.KeyId);
        Assert.NotEqual(left.Signer.KeyId, later.Signer.KeyId);
    }
}
