using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// Reads and first makes a tenant's wrapped data keys. All missing first generations are one batch in which each must
/// be absent, so of many who start at once one wins and the others use the winner's keys. A key that exists but does
/// not unwrap is a failure; it is never replaced.
/// </summary>
internal sealed class DataKeyStore(IDocuments documents, IKeyEncryption encryption, TimeProvider time)
{
    /// <summary>
    /// Each try that loses finds what the winner wrote, so a second one is enough; the third is for a new use.
    /// </summary>
    private const int Tries = 3;

    private const int PageSize = 500;

    /// <summary>The tenant's data keys, at least one generation of each use.</summary>
    public async ValueTask<IReadOnlyList<DataKeyRecord>> LoadAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var found = (await ReadAsync(cancellation)).ConvertAll(static stored => stored.Record);
            string[] missing = [.. DataKeyRecord.Uses.Except(found.Select(key => key.Use))];
            if (missing.Length == 0)
            {
                return found;
            }

            var made = await MakeFirstAsync(missing, isFirst: found.Count == 0, cancellation);
            if (made.Count > 0)
            {
                return [.. found, .. made];
            }
        }

        throw new InvalidOperationException("Data keys were neither found nor could be made.");
    }

    /// <summary>Unwraps one, or says why not.</summary>
    public ValueTask<Outcome<SecretBytes>> UnwrapAsync(DataKeyRecord key, CancellationToken cancellation) =>
        encryption.UnwrapAsync(
            documents.Tenant, new WrappedKey(key.Version, key.Wrapped), key.Context, cancellation);

    /// <summary>Every data key there is, with the version to hand back when it is changed.</summary>
    public async ValueTask<List<WrappedKeyDocument>> ReadAsync(CancellationToken cancellation)
    {
        var found = new List<WrappedKeyDocument>();
        Cursor? after = null;
        do
        {
            var query = new ListQuery(
                DataKeyRecord.Documents, DataKeyRecord.ByName, Limit: PageSize, After: after);
            var page = await documents.ListAsync(query, cancellation);
            found.AddRange(page.Items.Select(static stored =>
                new WrappedKeyDocument(DataKeyRecord.FromDocument(stored.Document), stored.Version)));
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    /// <summary>A fresh key, wrapped under the newest version of the tenant's key. Not stored yet.</summary>
    /// <param name="sealsFrom">See <see cref="DataKeyRecord"/>.</param>
    public async ValueTask<DataKeyRecord> MakeAsync(
        string use, uint generation, DateTimeOffset? sealsFrom, CancellationToken cancellation)
    {
        using var key = SecretBytes.Random(DataKey.Bytes);
        var outcome = await encryption.WrapAsync(
            documents.Tenant, key.RevealMemory("to wrap it"), new WrapContext(use, generation), cancellation);
        var wrapped = outcome.Expect();
        return new DataKeyRecord(
            use, generation, wrapped.Version, wrapped.Bytes.ToArray(), time.GetUtcNow(), sealsFrom);
    }

    /// <summary>The same key, wrapped under the newest version. Not stored yet.</summary>
    public async ValueTask<Outcome<DataKeyRecord>> RewrapAsync(DataKeyRecord record, CancellationToken cancellation)
    {
        if (!(await UnwrapAsync(record, cancellation)).Try(out var key, out var why))
        {
            return why;
        }

        using (key)
        {
            var outcome = await encryption.WrapAsync(
                documents.Tenant, key.RevealMemory("to wrap it anew"), record.Context, cancellation);
            return outcome.Then(wrapped => record with { Version = wrapped.Version, Wrapped = wrapped.Bytes.ToArray() });
        }
    }

    /// <summary>The new keys, or none when somebody else was first.</summary>
    private async ValueTask<IReadOnlyList<DataKeyRecord>> MakeFirstAsync(
        string[] uses, bool isFirst, CancellationToken cancellation)
    {
        // A tenant whose data keys exist has a key-encryption key. When that is gone, wrapping fails here, and no
        // second one is made beside keys nobody can unwrap any more.
        if (isFirst)
        {
            await encryption.EnsureAsync(documents.Tenant, cancellation);
        }

        var made = new List<DataKeyRecord>(uses.Length);
        foreach (var use in uses)
        {
            made.Add(await MakeAsync(use, 1, null, cancellation));
        }

        var puts = made.Select(record => new Operation.Put(record.ToDocument(), Condition.Absent));
        return await documents.CommitAsync(new Batch(puts), cancellation) is CommitOutcome.Committed ? made : [];
    }
}

/// <summary>A wrapped data key as it was read.</summary>
internal sealed record WrappedKeyDocument(DataKeyRecord Record, DocumentVersion Version);
