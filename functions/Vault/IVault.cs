namespace PracticPro.Vault;

/// <summary>Everything a key store gives: where the key-encryption keys are kept decides the driver, and nothing else.</summary>
internal interface IVault : IDisposable
{
    IKeyEncryption KeyEncryption { get; }

    PlatformKeys PlatformKeys { get; }

    /// <summary>Where the keys of <see cref="PlatformKeys"/> are kept, for those who change them.</summary>
    IFleetHashKeys FleetHashKeys { get; }

    ICheckpointSigner Signer { get; }

    /// <summary>Returns when the key store can be used now, and throws when it cannot. Changes nothing.</summary>
    ValueTask ProbeAsync(CancellationToken cancellation);
}
