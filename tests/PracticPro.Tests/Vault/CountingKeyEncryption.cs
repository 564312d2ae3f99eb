using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>Passes on, and counts. Unwrapping can be held up, so that a test can do something meanwhile.</summary>
internal sealed class CountingKeyEncryption(IKeyEncryption inner) : IKeyEncryption
{
    private int unwraps;

    public int Unwraps => unwraps;

    public Func<Task> BeforeUnwrap { get; set; } = () => Task.CompletedTask;

    public ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
        inner.EnsureAsync(tenant, cancellation);

    public ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation) =>
        inner.RenewAsync(tenant, cancellation);

    public ValueTask<Outcome<WrappedKey>> WrapAsync(
        TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation) =>
        inner.WrapAsync(tenant, key, context, cancellation);

    public async ValueTask<Outcome<SecretBytes>> UnwrapAsync(
        TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation)
    {
        Interlocked.Increment(ref unwraps);
        await BeforeUnwrap();
        return await inner.UnwrapAsync(tenant, wrapped, context, cancellation);
    }

    public ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation) =>
        inner.VersionsAsync(tenant, cancellation);

    public ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation) =>
        inner.SwitchOffAsync(tenant, version, cancellation);

    public ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation) =>
        inner.DestroyAsync(tenant, cancellation);

    public ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation) =>
        inner.FindDestructionAsync(tenant, cancellation);
}
