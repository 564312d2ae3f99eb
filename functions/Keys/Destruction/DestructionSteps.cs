using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// Takes the next step of a destruction. Each step can be done again after a crash at any moment: what it does to the
/// world is idempotent, and the record moves only if it is still the one that was read. So a workflow and a verb may take
/// steps of one destruction at once.
/// </summary>
internal sealed partial class DestructionSteps(
    DestructionShelf shelf,
    DestructionCertificates certificates,
    TryShredded control,
    IKeyEncryption encryption,
    KeyRevocations revocations,
    EndLeases leases,
    IStorage storage,
    BackupTerms backup,
    TimeProvider time,
    ILogger<DestructionSteps> logger)
{
    public static readonly Actor Job = new Actor.Job("destroy-keys");

    // Of the 99 operations of a batch one is the ledger's entry, one the leaf, and one the mark beside it.
    private const int KeysABatch = 90;

    /// <summary>Not sealed: it says only that it is there, and there is no key to seal it under.</summary>
    internal static readonly DocumentKind Marks = DocumentKind.Of("key-end-mark");

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AgainWhenFinal = TimeSpan.FromHours(6);

    /// <exception cref="InvalidOperationException">No destruction of this tenant's keys is on record.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be used now.</exception>
    public async Task<DestroyKeys.Answer> TakeAsync(TenantId tenant, CancellationToken cancellation)
    {
        var stored = await shelf.FindAsync(tenant, cancellation)
            ?? throw new InvalidOperationException("No destruction is on record.");
        var end = stored.Value;
        if (KeyEndTable.Next(end.State) is not { } move)
        {
            return new DestroyKeys.Answer(end.State);
        }

        if (KeyEndTable.WaitOf(end, time.GetUtcNow()) is { } until)
        {
            return new DestroyKeys.Answer(end.State, until);
        }

        var taken = move switch
        {
            KeyEndMove.Announce => await AnnounceAsync(end, cancellation),
            KeyEndMove.Delete => await DeleteAsync(end, cancellation),
            KeyEndMove.Seal => await SealAsync(end, cancellation),
            KeyEndMove.Finish => await FinishAsync(end, cancellation),
            _ => throw new InvalidOperationException("A move that nobody takes."),
        };
        if (!await shelf.ReplaceAsync(taken.End, stored.Version, cancellation))
        {
            // Somebody else moved it, or tried the samples, meanwhile.
            return new DestroyKeys.Answer(end.State, time.GetUtcNow() + TimeSpan.FromSeconds(1));
        }

        if (taken.Then is { } then)
        {
            await then();
        }

        if (taken.End.State != end.State)
        {
            LogMoved(logger, tenant, taken.End.State);
        }

        return new DestroyKeys.Answer(taken.End.State, taken.WaitUntil);
    }

    private async Task<Step> AnnounceAsync(KeyEnd end, CancellationToken cancellation)
    {
        var heldUntil = await revocations.AnnounceAsync(end.Tenant, cancellation);
        return new Step(end.Moved(KeyEndMove.Announce) with { AnnouncedAt = time.GetUtcNow(), HeldUntil = heldUntil });
    }

    private async Task<Step> DeleteAsync(KeyEnd end, CancellationToken cancellation)
    {
        var destroyed = (await encryption.DestroyAsync(end.Tenant, cancellation)).Expect();
        var deletedAt = time.GetUtcNow();
        if (destroyed.Remains == DestroyedKeyRemains.Everything)
        {
            throw new KeyStoreUnavailableException(new KeyStoreFailures.KeyInTransit());
        }

        // Between the first announcement and the end of the key somebody may have opened the practice once more.
        var heldUntil = await revocations.AnnounceAsync(end.Tenant, cancellation);
        await leases.RunAsync(end.Tenant, Job, cancellation);
        await EraseAsync(end, isTold: false, cancellation);
        return new Step(end.Moved(KeyEndMove.Delete) with
        {
            KeyName = destroyed.KeyName,
            DeletedAt = deletedAt,
            RecoverableUntil = destroyed.RecoverableUntil,
            HeldUntil = heldUntil,
            ErasedAt = time.GetUtcNow(),
        });
    }

    /// <summary>
    /// Erases the wrapped data keys, through the ledger, so that a restore takes them out again. The leaf that tells of it
    /// goes with the last of them: when there are none left, it was written before. The mark beside it lets no second one in,
    /// when two erase the same ones at once.
    /// </summary>
    /// <param name="isTold">The leaf was written before; these came later.</param>
    private async Task EraseAsync(KeyEnd end, bool isTold, CancellationToken cancellation)
    {
        var documents = storage.For(end.Tenant).Documents;
        while (await AskDestruction.StoredKeysAsync(documents, cancellation) is { Count: > 0 } keys)
        {
            IEnumerable<Operation> writes = ErasureLedger.Compose(
                time, keys.Take(KeysABatch).Select(static stored => stored.Document.Key));
            var tells = keys.Count <= KeysABatch && !isTold;
            if (tells)
            {
                var leaf = new AuditEntry(Job, AuditAct.KeysDestroyed).Counting("keys", end.WrappedKeys.Length);
                writes = [.. writes, Mark("destroyed"), AuditTrail.ComposeLeaf(leaf, time)];
            }

            var outcome = await documents.CommitAsync(new Batch(writes), cancellation);
            isTold |= tells && outcome is not CommitOutcome.Committed;
        }
    }

    private async Task<Step> SealAsync(KeyEnd end, CancellationToken cancellation)
    {
        // Once more: a process that still held keys may have granted one.
        await leases.RunAsync(end.Tenant, Job, cancellation);

        // Or have wrapped one in time and stored it late. The date is on record before they are erased: after a crash between
        // the two they are found again, and the date is a later one again.
        if (await AskDestruction.StoredKeysAsync(storage.For(end.Tenant).Documents, cancellation) is { Count: > 0 })
        {
            return new Step(
                end with { ErasedAt = time.GetUtcNow() }, Then: () => EraseAsync(end, isTold: true, cancellation));
        }

        var tried = await control.TryAsync(end, cancellation);
        if (tried.Verdict != ShredVerdict.Shredded)
        {
            return new Step(end with { LastTry = tried }, time.GetUtcNow() + Again);
        }

        var finalFrom = new[] { end.HeldUntil, end.RecoverableUntil, backup.AgesOutAt(end.ErasedAt!.Value) }.Max()!.Value;
        var isSealed = end.Moved(KeyEndMove.Seal) with { SealedAt = time.GetUtcNow(), FinalFrom = finalFrom, LastTry = tried };

        // The first certificate stays: after a crash the record follows it. Not to an earlier end, though: what is reckoned
        // now may know of keys that were stored late, or of a longer backup.
        var kept = await certificates.KeepAsync(isSealed, cancellation);
        return new Step(isSealed with
        {
            SealedAt = kept.SealedAt,
            FinalFrom = kept.FinalFrom > finalFrom ? kept.FinalFrom : finalFrom,
        });
    }

    private async Task<Step> FinishAsync(KeyEnd end, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var tried = await control.TryAsync(end, cancellation);
        var standing = await encryption.FindDestructionAsync(end.Tenant, cancellation);
        if (standing is { Remains: DestroyedKeyRemains.InBin, RecoverableUntil: { } later } && later > now)
        {
            // It was brought back and deleted again: the date is a later one.
            return new Step(end with { LastTry = tried, RecoverableUntil = later, FinalFrom = later }, later);
        }

        if (tried.Verdict != ShredVerdict.Shredded || standing?.Remains != DestroyedKeyRemains.Nothing)
        {
            return new Step(end with { LastTry = tried }, now + AgainWhenFinal);
        }

        var isFinal = end.Moved(KeyEndMove.Finish) with { FinalAt = now, LastTry = tried };
        var kept = await certificates.KeepAsync(isFinal, cancellation);
        await TellAsync(end.Tenant, cancellation);
        return new Step(isFinal with { FinalAt = kept.FinalAt });
    }

    /// <summary>The last leaf of the practice's audit log, once: the mark beside it lets no second one in.</summary>
    private async Task TellAsync(TenantId tenant, CancellationToken cancellation)
    {
        await storage.For(tenant).Documents.CommitAsync(
            new Batch(
            [
                Mark("final"),
                AuditTrail.ComposeLeaf(new AuditEntry(Job, AuditAct.KeysDestructionFinal), time),
            ]),
            cancellation);
    }

    private static Operation.Put Mark(string name) => new(new Document(Marks.Key(name), "{}"u8.ToArray()), Condition.Absent);

    [LoggerMessage(240, LogLevel.Warning, "The destruction of the keys of {Tenant} is {State} now.")]
    private static partial void LogMoved(ILogger logger, TenantId tenant, KeyEndState state);

    /// <param name="Then">Done once the record has moved.</param>
    private readonly record struct Step(KeyEnd End, DateTimeOffset? WaitUntil = null, Func<Task>? Then = null);
}
