using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>
/// One tenant opened for one piece of work: sealed records, the audit log, the keys, the store. Everything a capability
/// does to a tenant goes through one of these. Do not keep it: its keys run out after minutes.
/// </summary>
internal sealed class TenantScope(ITenantStorage storage, TenantKeys keys, QueueBell bell, TimeProvider time)
{
    public TenantId Tenant => storage.Tenant;

    public ITenantStorage Storage => storage;

    public TenantKeys Keys => keys;

    public SealedRecords Records { get; } = new(storage.Documents, keys);

    public AuditTrail Audit { get; } = new(storage, keys, time);

    public ValueTask<Stored<T>?> FindAsync<T>(RecordKind<T> kind, string id, CancellationToken cancellation)
        where T : class => Records.FindAsync(kind, id, cancellation);

    /// <inheritdoc cref="SealedRecords.FindManyAsync"/>
    public ValueTask<Dictionary<string, Stored<T>>> FindManyAsync<T>(
        RecordKind<T> kind, IReadOnlyCollection<string> ids, CancellationToken cancellation)
        where T : class => Records.FindManyAsync(kind, ids, cancellation);

    public Operation Put<T>(RecordKind<T> kind, T value, Condition condition)
        where T : class => Records.Put(kind, value, condition);

    public Operation Delete<T>(RecordKind<T> kind, string id, Condition condition)
        where T : class => Records.Delete(kind, id, condition);

    /// <summary>Changes and the leaf that tells of them: one write or none (AUD-1).</summary>
    public ValueTask<CommitOutcome> CommitAsync(
        AuditEntry entry, IEnumerable<Operation> changes, CancellationToken cancellation) =>
        CommitAsync([.. changes, .. Audit.Compose(entry)], cancellation);

    /// <summary>
    /// Changes that are nobody's act: progress marks, used-up attempts, renewed tokens. Whatever they delete goes on the
    /// <see cref="ErasureLedger"/> with them: mail that went at its source, tokens, sessions; a restore must not bring any
    /// of it back.
    /// </summary>
    public async ValueTask<CommitOutcome> CommitAsync(IReadOnlyList<Operation> changes, CancellationToken cancellation)
    {
        var outcome = await Records.CommitAsync(ErasureLedger.WithEntry(time, changes), cancellation);
        if (outcome is CommitOutcome.Committed)
        {
            Ring(changes);
        }

        return outcome;
    }

    /// <summary>Such changes in waves, as <see cref="IDocuments.CommitInWavesAsync"/> carries them out.</summary>
    public async ValueTask<IReadOnlyList<CommitOutcome>> CommitInWavesAsync(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<Operation>>> waves, CancellationToken cancellation)
    {
        var outcomes = await storage.Documents.CommitInWavesAsync(
            [.. waves.Select(wave => wave.Select(changes => new Batch(ErasureLedger.WithEntry(time, changes))).ToList())], cancellation);
        Ring(waves.SelectMany(static wave => wave).SelectMany(static changes => changes));
        return outcomes;
    }

    private void Ring(IEnumerable<Operation> changes)
    {
        if (changes.Any(static change => change is Operation.Enqueue))
        {
            bell.Ring(Tenant);
        }
    }
}

/// <summary>Opens tenants. Cheap while the key ring holds their keys.</summary>
internal sealed class TenantScopes(IStorage storage, KeyRing ring, QueueBell bell, TimeProvider time)
{
    /// <exception cref="UnexpectedFailureException">
    /// Its keys cannot be used; <see cref="Failure.Gone"/> when they were destroyed.
    /// </exception>
    public async ValueTask<TenantScope> OpenAsync(TenantId tenant, CancellationToken cancellation) =>
        new(storage.For(tenant), await ring.OpenAsync(tenant, cancellation), bell, time);

    /// <summary>The same, or null for a tenant whose keys were destroyed: for work that ends with its tenant.</summary>
    public async ValueTask<TenantScope?> FindAsync(TenantId tenant, CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(tenant, cancellation);
        }
        catch (UnexpectedFailureException gone) when (gone.Failure is Failure.Gone)
        {
            return null;
        }
    }
}
