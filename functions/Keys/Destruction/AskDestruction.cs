using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// Puts the destruction of a practice's keys on record, and orders it. From then on it cannot be called off: the workflow
/// goes on by itself. Done twice, or by two at once, there is one record; each asking is in the practice's audit log.
/// </summary>
internal sealed class AskDestruction(
    DestructionShelf shelf, TenantScopes scopes, IKeyEncryption encryption, TimeProvider time)
{
    private const int WitnessBytes = 64;
    private const int PageSize = 500;

    /// <summary>What is on record: this asking's, or an earlier one's.</summary>
    /// <exception cref="UnexpectedFailureException">The practice's keys cannot be used; the failure says why.</exception>
    public async Task<Outcome<KeyEnd>> RunAsync(TenantId tenant, Actor by, CancellationToken cancellation)
    {
        if (DestructionShelf.IsPlatforms(tenant))
        {
            return new DestructionFailures.OfPlatform();
        }

        if (await shelf.FindAsync(tenant, cancellation) is { } earlier)
        {
            return earlier.Value;
        }

        // Before anything is opened: opening a practice makes the keys it lacks.
        if (!(await encryption.VersionsAsync(tenant, cancellation)).Try(out var versions, out var why))
        {
            return why;
        }

        var scope = await scopes.OpenAsync(tenant, cancellation);
        await scope.CommitAsync(new AuditEntry(by, AuditAct.KeysDestructionAsked), [], cancellation);
        var witness = await WitnessAsync(tenant, cancellation);
        if (!witness.Try(out var killed, out why))
        {
            return why;
        }

        var (samples, documents) = await new SampleSealed(scope.Storage.Documents, scope.Keys).RunAsync(cancellation);
        var asked = new KeyEnd(
            tenant,
            KeyEndState.Requested,
            by.Label,
            time.GetUtcNow(),
            documents,
            [.. versions.Select(static version => version.Version)],
            await WrappedAsync(scope.Storage.Documents, cancellation),
            [.. samples.Select(static sample => new SampleDigest(
                sample.DocumentKind, sample.Document, SampleSealed.Sha256(sample.Body)))],
            killed);
        return await KeepAsync(asked, samples, cancellation);
    }

    /// <summary>Every wrapped data key that is stored for a tenant.</summary>
    internal static async Task<IReadOnlyList<StoredDocument>> StoredKeysAsync(IDocuments documents, CancellationToken cancellation)
    {
        var found = new List<StoredDocument>();
        Cursor? after = null;
        do
        {
            var query = new ListQuery(DataKeyRecord.Documents, DataKeyRecord.ByName, Limit: PageSize, After: after);
            var page = await documents.ListAsync(query, cancellation);
            found.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    private static async Task<ImmutableArray<WrappedKeyDigest>> WrappedAsync(IDocuments documents, CancellationToken cancellation) =>
    [
        .. (await StoredKeysAsync(documents, cancellation))
            .Select(static stored => DataKeyRecord.FromDocument(stored.Document))
            .Select(static key => new WrappedKeyDigest(key.Use, key.Generation, key.Version, SampleSealed.Sha256(key.Wrapped))),
    ];

    private async Task<Outcome<WitnessKey>> WitnessAsync(TenantId tenant, CancellationToken cancellation)
    {
        using var random = SecretBytes.Random(WitnessBytes);
        return (await encryption.WrapAsync(
                tenant, random.RevealMemory("to wrap a key that opens nothing"), WitnessKey.Context, cancellation))
            .Then(static wrapped => new WitnessKey(wrapped.Version, wrapped.Bytes.ToArray()));
    }

    /// <summary>Record, samples and the order are one write.</summary>
    private async Task<Outcome<KeyEnd>> KeepAsync(
        KeyEnd asked, IReadOnlyList<ShreddedSample> samples, CancellationToken cancellation)
    {
        var scope = await shelf.OpenAsync(cancellation);
        List<Operation> writes =
        [
            scope.Put(KeyEnd.Kind, asked, Condition.Absent),
            .. samples.Select(sample => scope.Put(ShreddedSample.Kind, sample, Condition.Any)),
            WorkflowOutbox.Start(
                DestroyKeys.Name, DestroyKeys.InstanceOf(asked.Tenant), new DestroyKeys.Input(asked.Tenant), $"destroy.{asked.Tenant}"),
        ];
        return await scope.CommitAsync(writes, cancellation) is CommitOutcome.Committed
            ? asked
            : (await shelf.FindAsync(asked.Tenant, cancellation))!.Value;
    }
}
