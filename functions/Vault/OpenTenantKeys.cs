using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// Turns a tenant's stored data keys into usable ones. All of them, or an exception and no key left unzeroed.
/// </summary>
internal sealed class OpenTenantKeys(IDocuments documents, IKeyEncryption encryption, TimeProvider time)
{
    public async ValueTask<TenantKeys> OpenAsync(TimeSpan lifetime, CancellationToken cancellation)
    {
        var store = new DataKeyStore(documents, encryption, time);
        var unwrapped = new List<(DataKeyRecord Record, SecretBytes Key)>();
        try
        {
            foreach (var record in await store.LoadAsync(cancellation))
            {
                var key = (await store.UnwrapAsync(record, cancellation)).Expect();
                unwrapped.Add((record, key));
                if (key.Length != DataKey.Bytes)
                {
                    throw new UnexpectedFailureException(new VaultFailures.WrappedKeyNotAuthentic());
                }
            }

            return Assemble(unwrapped, lifetime);
        }
        catch
        {
            unwrapped.ForEach(pair => pair.Key.Dispose());
            throw;
        }
    }

    private TenantKeys Assemble(List<(DataKeyRecord Record, SecretBytes Key)> unwrapped, TimeSpan lifetime)
    {
        var index = unwrapped.Where(pair => pair.Record.Use == DataKeyRecord.IndexUse).ToList();
        var purposes = PurposeWords.All.ToDictionary(purpose => purpose.Word());

        // A use this program does not know belongs to a later one and is left alone.
        var dataKeys = unwrapped
            .Where(pair => purposes.ContainsKey(pair.Record.Use))
            .Select(pair => (purposes[pair.Record.Use], new DataKey(pair.Record.Generation, pair.Key)))
            .ToList();

        // Look-up values must not change, so it is the first generation that counts.
        var indexKey = index.MinBy(pair => pair.Record.Generation).Key;
        return new TenantKeys(documents.Tenant, dataKeys, indexKey, time, lifetime);
    }
}
