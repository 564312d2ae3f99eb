using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// Where a tenant's keys are opened. Unwrapped keys lie in memory only, and not for long: those of one tenant and use are given
/// out again for <see cref="KeyRingOptions.CacheLifetime"/>, a number of uses and a number of bytes, for a bounded number of
/// tenants, and zeroed when the last handle to them has run out. Many who open one tenant at once share one unwrapping. With
/// <see cref="KeyRevocations"/>, what is revoked anywhere is zeroed here as well.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private readonly IStorage storage;
    private readonly IKeyEncryption encryption;
    private readonly TimeProvider time;
    private readonly KeyRingOptions options;
    private readonly KeyRevocations? revocations;
    private readonly KeyTerms terms;
    private readonly ITimer sweeper;

    // Invariant: all of these are touched under the gate only. What is in held may be given out; what is in retired was
    // given out and is waiting to be zeroed.
    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, HeldTenant> held = [];
    private readonly Dictionary<TenantId, Task> opening = [];
    private readonly List<HeldKeys> retired = [];
    private long revoked;
    private bool isDisposed;

    /// <param name="revocations">Null where there is no other process: nothing is heard of then.</param>
    public KeyRing(
        IStorage storage,
        IKeyEncryption encryption,
        TimeProvider time,
        KeyRingOptions options,
        KeyRevocations? revocations = null)
    {
        this.storage = storage;
        this.encryption = encryption;
        this.time = time;
        this.options = options.Checked();
        this.revocations = revocations;
        terms = new KeyTerms(time, options.HandleLifetime, revocations?.Hearing);
        sweeper = time.CreateTimer(_ => Sweep(), null, options.CacheLifetime, options.CacheLifetime);
        revocations?.Tell(Revoke, RevokeAll);
    }

    /// <summary>Tenants some of whose keys would be given out now without being unwrapped.</summary>
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

    /// <summary>All of the tenant's keys; made on first use.</summary>
    /// <inheritdoc cref="OpenAsync(TenantId, IReadOnlyCollection{string}, CancellationToken)"/>
    public ValueTask<TenantKeys> OpenAsync(TenantId tenant, CancellationToken cancellation) =>
        OpenAsync(tenant, DataKeyRecord.Uses, cancellation);

    /// <summary>The tenant's keys of these purposes and no others: nothing else can be opened with them.</summary>
    /// <inheritdoc cref="OpenAsync(TenantId, IReadOnlyCollection{string}, CancellationToken)"/>
    public ValueTask<TenantKeys> OpenAsync(
        TenantId tenant, IEnumerable<Purpose> purposes, CancellationToken cancellation) =>
        OpenAsync(tenant, [.. purposes.Select(purpose => purpose.Word())], cancellation);

    /// <summary>Zeroes the tenant's keys in this process at once; every handle to them stops working.</summary>
    public void Revoke(TenantId tenant)
    {
        lock (gate)
        {
            revoked++;
            End(keys => keys.Tenant == tenant);
        }
    }

    public void Dispose()
    {
        sweeper.Dispose();
        lock (gate)
        {
            isDisposed = true;
            End(static _ => true);
        }
    }

    /// <remarks>Nobody waits for another caller's cancellation: a shared unwrapping goes on.</remarks>
    /// <exception cref="UnexpectedFailureException">
    /// The keys exist and cannot be unwrapped; the failure is one of <see cref="VaultFailures"/>.
    /// </exception>
    private async ValueTask<TenantKeys> OpenAsync(
        TenantId tenant, IReadOnlyCollection<string> uses, CancellationToken cancellation)
    {
        if (revocations is not null)
        {
            await revocations.HearAsync(cancellation);
        }

        while (true)
        {
            Task pending;
            lock (gate)
            {
                string[] missing = [.. uses.Where(use => !IsFresh(held.GetValueOrDefault(tenant)?.Find(use)))];
                if (missing.Length == 0)
                {
                    return held[tenant].HandleOf(uses);
                }

                if (!opening.TryGetValue(tenant, out pending!))
                {
                    // Started outside of the lock's flow: a storage that answers at once would otherwise re-enter it.
                    pending = Task.Run(() => UnwrapAsync(tenant, missing), CancellationToken.None);
                    opening.Add(tenant, pending);
                }
            }

            await pending.WaitAsync(cancellation);
        }
    }

    private async Task UnwrapAsync(TenantId tenant, string[] uses)
    {
        try
        {
            while (true)
            {
                var before = Interlocked.Read(ref revoked);
                var opened = await new OpenHeldKeys(storage.For(tenant).Documents, encryption, terms)
                    .OpenAsync(uses, CancellationToken.None);
                if (TryHold(tenant, opened, before))
                {
                    return;
                }

                foreach (var keys in opened)
                {
                    keys.Dispose();
                }
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
    private bool TryHold(TenantId tenant, IReadOnlyList<HeldKeys> opened, long revokedBefore)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                foreach (var keys in opened)
                {
                    keys.Dispose();
                }

                throw new ObjectDisposedException(nameof(KeyRing));
            }

            if (revoked != revokedBefore)
            {
                return false;
            }

            if (!held.TryGetValue(tenant, out var there))
            {
                if (held.Count >= options.MaximumTenants)
                {
                    Retire(held.MinBy(pair => pair.Value.OpenedAt).Key, static _ => true);
                }

                held.Add(tenant, there = new HeldTenant(tenant));
            }

            retired.AddRange(there.Replace(opened, time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>Stops giving some of the tenant's keys out. Needs the gate.</summary>
    private void Retire(TenantId tenant, Func<HeldKeys, bool> which)
    {
        retired.AddRange(held[tenant].Take(which));
        if (held[tenant].IsEmpty)
        {
            held.Remove(tenant);
        }
    }

    /// <summary>Zeroes what is held or retired. Needs the gate.</summary>
    private void End(Func<HeldKeys, bool> which)
    {
        foreach (var tenant in held.Keys.ToList())
        {
            Retire(tenant, which);
        }

        foreach (var old in retired.Where(which))
        {
            old.Dispose();
        }

        retired.RemoveAll(old => which(old));
    }

    private void RevokeAll()
    {
        lock (gate)
        {
            revoked++;
            End(static _ => true);
        }
    }

    private void Sweep()
    {
        lock (gate)
        {
            foreach (var tenant in held.Keys.ToList())
            {
                Retire(tenant, keys => !IsFresh(keys));
            }

            foreach (var old in retired.Where(IsOver))
            {
                old.Dispose();
            }

            retired.RemoveAll(IsOver);
        }
    }

    private bool IsFresh(HeldKeys? keys) =>
        keys is not null
        && time.GetElapsedTime(keys.OpenedAt) < options.CacheLifetime
        && keys.Uses < options.MaximumUses
        && keys.Bytes < options.MaximumBytes;

    private bool IsOver(HeldKeys keys) => time.GetElapsedTime(keys.OpenedAt) >= options.HandleLifetime;

    /// <summary>What is held of one tenant, by use, and the handle over all of it.</summary>
    private sealed class HeldTenant(TenantId tenant)
    {
        private readonly Dictionary<string, HeldKeys> byUse = new(StringComparer.Ordinal);
        private TenantKeys? whole;

        public long OpenedAt { get; private set; }

        public bool IsEmpty => byUse.Count == 0;

        public HeldKeys? Find(string use) => byUse.GetValueOrDefault(use);

        public TenantKeys HandleOf(IReadOnlyCollection<string> uses) =>
            uses.Count == DataKeyRecord.Uses.Count
                ? whole ??= new TenantKeys(tenant, byUse.Values)
                : new TenantKeys(tenant, uses.Select(use => byUse[use]));

        /// <returns>Those that were there before.</returns>
        public List<HeldKeys> Replace(IReadOnlyList<HeldKeys> opened, long at)
        {
            var before = Take(keys => opened.Any(newer => newer.Use == keys.Use));
            foreach (var keys in opened)
            {
                byUse.Add(keys.Use, keys);
            }

            OpenedAt = at;
            return before;
        }

        public List<HeldKeys> Take(Func<HeldKeys, bool> which)
        {
            List<HeldKeys> taken = [.. byUse.Values.Where(which)];
            foreach (var keys in taken)
            {
                byUse.Remove(keys.Use);
                whole = null;
            }

            return taken;
        }
    }
}
