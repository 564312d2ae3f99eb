namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// Everything a key file gives: key encryption, platform keys and the signer. Made on first use. Says once that it is
/// for development and single-machine use.
/// </summary>
internal sealed partial class LocalVault : IVault
{
    private readonly LocalKeyFile file;

    private LocalVault(
        LocalKeyFile file, IFleetHashKeys fleetHashes, PlatformKeys platform,
        ISigningKeys signing, PlatformSigner signer, TimeProvider time)
    {
        this.file = file;
        KeyEncryption = new LocalKeyEncryption(file, time);
        (FleetHashKeys, PlatformKeys, SigningKeys, Signer) = (fleetHashes, platform, signing, signer);
    }

    public IKeyEncryption KeyEncryption { get; }

    public PlatformKeys PlatformKeys { get; }

    public IFleetHashKeys FleetHashKeys { get; }

    public PlatformSigner Signer { get; }

    public ISigningKeys SigningKeys { get; }

    /// <param name="path">The key file. Its folder is made, for the owner only, when there is none.</param>
    /// <exception cref="KeyFileException">The file is open to others, a link, or unreadable.</exception>
    public static async ValueTask<LocalVault> OpenAsync(
        string path, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var file = new LocalKeyFile(path, time);
        try
        {
            using var made = file.Read() ?? await file.ChangeAsync(now => now, cancellation);
            LogLocalKeys(logger);
            var fleetHashes = new LocalFleetHashKeys(file);
            var signing = new LocalSigningKeys(file);
            var signer = await PlatformSigner.OpenAsync(signing, time, cancellation);
            var platform = await PlatformKeys.OpenAsync(fleetHashes, time, cancellation);
            return new LocalVault(file, fleetHashes, platform, signing, signer, time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ValueTask ProbeAsync(CancellationToken cancellation)
    {
        file.Read()?.Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        PlatformKeys.Dispose();
        Signer.Dispose();
        file.Dispose();
    }

    [LoggerMessage(200, LogLevel.Warning,
        "Key-encryption keys are in a local key file: for development and single-machine use. "
        + "Lose it and the data is gone.")]
    private static partial void LogLocalKeys(ILogger logger);
}
