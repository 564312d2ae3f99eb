using Azure.Core;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Everything an Azure key vault gives: key encryption, platform keys and the signer. Keys of the platform are made on
/// first use. The program's identity must be allowed to read, make, update, rotate and delete keys, to wrap, unwrap and
/// sign, and to read and write rotation policies; recovering a deleted key is a person's to do.
/// </summary>
internal sealed partial class KeyVaultVault : IVault
{
    private readonly KeyVaultCheckpointSigner signer;
    private readonly VaultKeyName probed;

    private KeyVaultVault(
        KeyVaultKeys keys,
        FirstKeys first,
        IFleetHashKeys fleetHashes,
        PlatformKeys platformKeys,
        KeyVaultCheckpointSigner signer,
        VaultKeyName probed,
        TimeProvider time)
    {
        KeyEncryption = new KeyVaultKeyEncryption(keys, first, time);
        (Keys, FleetHashKeys, PlatformKeys, this.signer, this.probed) = (keys, fleetHashes, platformKeys, signer, probed);
    }

    public IKeyEncryption KeyEncryption { get; }

    public PlatformKeys PlatformKeys { get; }

    public IFleetHashKeys FleetHashKeys { get; }

    public ICheckpointSigner Signer => signer;

    /// <summary>What goes beyond the port: rotation policy, disabling, deleting, purge date, recovery.</summary>
    public KeyVaultKeys Keys { get; }

    /// <param name="handlers">Gives the way to a host; asked once, for the vault's own.</param>
    /// <param name="shelf">Where programs that start at once agree, and the wrapped fleet hash key lies.</param>
    /// <exception cref="ArgumentException">The options are not in order.</exception>
    /// <exception cref="KeyStoreUnavailableException">The vault cannot be used now.</exception>
    /// <exception cref="Kernel.UnexpectedFailureException">A platform key is there and may not be used.</exception>
    public static async ValueTask<KeyVaultVault> OpenAsync(
        KeyVaultOptions options,
        TokenCredential credential,
        Func<Uri, HttpMessageHandler> handlers,
        IKeepFirst shelf,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellation)
    {
        if (options.Errors().FirstOrDefault() is { } error)
        {
            throw new ArgumentException(error, nameof(options));
        }

        var keys = new KeyVaultKeys(new KeyVaultWire(options, credential, handlers, time, logger));
        var first = new FirstKeys(keys, shelf, options, time);
        var signing = VaultKeyName.Platform(options.SigningKey);
        var signer = new KeyVaultCheckpointSigner(
            keys, signing, await first.EnsureAsync(signing, VaultKeyKind.Signing, cancellation));
        try
        {
            var platform = new KeyVaultPlatformKeys(keys, first, shelf, VaultKeyName.Platform(options.PlatformKey));
            var platformKeys = await PlatformKeys.OpenAsync(platform, time, cancellation);
            LogOpened(logger, signer.KeyId);
            return new KeyVaultVault(keys, first, platform, platformKeys, signer, signing, time);
        }
        catch
        {
            signer.Dispose();
            throw;
        }
    }

    public async ValueTask ProbeAsync(CancellationToken cancellation) =>
        (await Keys.FindAsync(probed, cancellation)).Expect();

    public void Dispose()
    {
        PlatformKeys.Dispose();
        signer.Dispose();
    }

    [LoggerMessage(210, LogLevel.Information, "Key-encryption keys are in a key vault; checkpoints are signed by {KeyId}.")]
    private static partial void LogOpened(ILogger logger, SigningKeyId keyId);
}
