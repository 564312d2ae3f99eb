using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// Where a tenant's keys are opened. Unwrapped keys lie in memory only, and not for long: they are given out again for
/// <see cref="KeyRingOptions.CacheLifetime"/> or a number of uses, for a bounded number of tenants, and zeroed when the
/// last handle to them has run out. Many who open one tenant at once share one unwrapping.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private readonly IStorage storage;
    private readonly IKeyEncryption encryption;
    private readonly TimeProvider time;
    private readonly KeyRingOptions options;
    private readonly ITimer sweeper;

    // Invariant: all of these are touched under the gate only. What is in held may be given out; what is in retired was
    // given out and is waiting to be zeroed.
    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, Opened> held = [];
    private readonly Dictionary<TenantId, Task<Opened>> opening = [];
    private readonly List<Opened> retired = [];
    private long revocations;

    public KeyRing(IStorage storage, IKeyEncryption encryption, TimeProvider time, KeyRingOptions options)
    {
        this.storage = storage;
        this.encryption = encryption;
        this.time = time;
        this.options = options.Checked();
        sweeper = time.CreateTimer(_ => Sweep(), null, options.CacheLifetime, options.CacheLifetime);
    }

    /// <summary>Tenants whose keys would be given out now without being unwrapped.</summary>
    public int Held
    {
        get
        {
            lock (gate)
            {
                return held.Count;
            }
        }
    }

    /// <summary>
    /// The tenant's keys; made on first use. Nobody waits for another caller's cancellation: a shared unwrapping goes
    /// on.
    /// </summary>
    /// <exception cref="UnexpectedFailureException">
    /// The keys exist and cannot be unwrapped; the failure is one of <see cref="VaultFailures"/>.
    /// </exception>
    public async ValueTask<TenantKeys> OpenAsync(TenantId tenant, CancellationToken cancellation)
    {
        Task<Opened> pending;
        lock (gate)
        {
            if (held.TryGetValue(tenant, out var found) && IsFresh(found))
            {
                return found.Keys;
            }

            if (!opening.TryGetValue(tenant, out pending!))
            {
                // Started outside of the lock's flow: a storage that answers at once would otherwise re-enter it.
                pending = Task.Run(() => UnwrapAsync(tenant), CancellationToken.None);
                opening.Add(tenant, pending);
            }
        }

        return (await pending.WaitAsync(cancellation)).Keys;
    }

    /// <summary>Zeroes the tenant's keys in this process at once; every handle to them stops working.</summary>
    public void Revoke(TenantId tenant)
    {
        lock (gate)
        {
            revocations++;
            if (held.Remove(tenant, out var found))
            {
                found.Keys.Revoke();
            }

            foreach (var old in retired.Where(old => old.Keys.Tenant == tenant))
            {
                old.Keys.Revoke();
            }

            retired.RemoveAll(old => old.Keys.Tenant == tenant);
        }
    }

    public void Dispose()
    {
        sweeper.Dispose();
        lock (gate)
        {
            foreach (var old in held.Values.Concat(retired))
            {
                old.Keys.Revoke();
            }

            held.Clear();
            retired.Clear();
        }
    }

    private async Task<Opened> UnwrapAsync(TenantId tenant)
    {
        try
        {
            while (true)
            {
                var before = Interlocked.Read(ref revocations);
                var keys = await new OpenTenantKeys(storage.For(tenant).Documents, encryption, time)
                    .OpenAsync(options.HandleLifetime, CancellationToken.None);
                var opened = new Opened(keys, time.GetTimestamp());
                if (TryHold(opened, before))
                {
                    return opened;
                }

                keys.Revoke();
            }
        }
        finally
        {
            lock (gate)
            {
                opening.Remove(tenant);
            }
        }
    }

    /// <summary>False when something was revoked while the keys were unwrapped: they may be from before it.</summary>
    private bool TryHold(Opened opened, long revocationsBefore)
    {
        lock (gate)
        {
            if (revocations != revocationsBefore)
            {
                return false;
            }

            Retire(opened.Keys.Tenant);
            if (held.Count >= options.MaximumTenants)
            {
                Retire(held.MinBy(pair => pair.Value.OpenedAt).Key);
            }

            held.Add(opened.Keys.Tenant, opened);
            return true;
        }
    }

    /// <summary>Stops giving the tenant's keys out. Needs the gate.</summary>
    private void Retire(TenantId tenant)
    {
        if (held.Remove(tenant, out var old))
        {
            retired.Add(old);
        }
    }

    private void Sweep()
    {
        lock (gate)
        {
            foreach (var tenant in held.Where(pair => !IsFresh(pair.Value)).Select(pair => pair.Key).ToList())
            {
                Retire(tenant);
            }

            foreach (var old in retired.Where(IsOver))
            {
                old.Keys.Revoke();
            }

            retired.RemoveAll(IsOver);
        }
    }

    private bool IsFresh(Opened opened) =>
        time.GetElapsedTime(opened.OpenedAt) < options.CacheLifetime && opened.Keys.Uses < options.MaximumUses;

    private bool IsOver(Opened opened) => time.GetElapsedTime(opened.OpenedAt) >= options.HandleLifetime;

    private sealed record Opened(TenantKeys Keys, long OpenedAt);
}
