using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>One process of the practice, as far as keys go: a ring, and ears, of its own. It shares stores and keys with others.</summary>
internal sealed class BusyProcess : IDisposable
{
    private readonly IStorage storage;
    private readonly KeyRevocations revocations;
    private bool hasHeard;

    public BusyProcess(Stores stores, IKeyEncryption encryption, TimeProvider time)
    {
        storage = stores.Storage;
        revocations = new KeyRevocations(stores.Fleet, time);
        Ring = new KeyRing(storage, encryption, time, new KeyRingOptions(), revocations);
    }

    public KeyRing Ring { get; }

    /// <summary>Whether it has heard of revocations of late, or has not begun to listen.</summary>
    public bool KeepsUp()
    {
        hasHeard |= !revocations.Hearing.IsTooLongAgo;
        return !hasHeard || revocations.Hearing.IsWithin(KeyRevocations.Every * 3);
    }

    public async Task<SealedRecords> OpenAsync(TenantId tenant) =>
        new(storage.For(tenant).Documents, await Ring.OpenAsync(tenant, CancellationToken.None));

    public void Dispose()
    {
        Ring.Dispose();
        revocations.Dispose();
    }
}
