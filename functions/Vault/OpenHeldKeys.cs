using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// Turns a tenant's stored data keys of some uses into usable ones. All of them, or an exception and no key left unzeroed.
/// </summary>
internal sealed class OpenHeldKeys(IDocuments documents, IKeyEncryption encryption, KeyTerms terms)
{
    public async ValueTask<IReadOnlyList<HeldKeys>> OpenAsync(
        IReadOnlyCollection<string> uses, CancellationToken cancellation)
    {
        var asOf = terms with { AsOf = terms.Time.GetTimestamp() };
        var store = new DataKeyStore(documents, encryption, terms.Time);
        var unwrapped = new List<(DataKeyRecord Record, SecretBytes Key)>();
        try
        {
            // A use this program does not know belongs to a later one and is left alone: nobody asks for it.
            foreach (var record in (await store.LoadAsync(cancellation)).Where(record => uses.Contains(record.Use)))
            {
                var key = (await store.UnwrapAsync(record, cancellation)).Expect();
                unwrapped.Add((record, key));
                if (key.Length != DataKey.Bytes)
                {
                    throw new UnexpectedFailureException(new VaultFailures.WrappedKeyNotAuthentic());
                }
            }

            return [.. unwrapped.GroupBy(pair => pair.Record.Use).Select(use => Held(use, asOf))];
        }
        catch
        {
            unwrapped.ForEach(pair => pair.Key.Dispose());
            throw;
        }
    }

    // Look-up values must not change, so it is the first generation of their key that counts.
    private HeldKeys Held(IGrouping<string, (DataKeyRecord Record, SecretBytes Key)> use, KeyTerms asOf) =>
        PurposeWords.Find(use.Key) is { } purpose
            ? PurposeKeys.Of(
                documents.Tenant,
                purpose,
                use.Select(pair => new DataKey(pair.Record.Generation, pair.Key, pair.Record.SealsFrom)),
                asOf)
            : new IndexKey(documents.Tenant, use.MinBy(pair => pair.Record.Generation).Key, asOf);
}
