using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>What is to be seen when all is over: by whoever has the keys, and by whoever has the database alone.</summary>
internal sealed class LookAtRest(IStorage storage, TenantId tenant)
{
    private const int Page = 500;
    private static readonly HashSet<string> Kinds = [.. Sample.Kinds.Select(static kind => kind.Documents.Name)];

    /// <summary>Every document of the tenant.</summary>
    public async IAsyncEnumerable<Document> WalkAsync()
    {
        Cursor? after = null;
        do
        {
            var page = await storage.For(tenant).Documents.WalkAsync(after, Page, CancellationToken.None);
            foreach (var stored in page.Items)
            {
                yield return stored.Document;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>What is wrong: a sample that does not open, or is not what was written last.</summary>
    public async Task<List<string>> CompareAsync(KeyRing ring, WrittenSamples written)
    {
        var faults = new List<string>();
        var records = new SealedRecords(storage.For(tenant).Documents, await ring.OpenAsync(tenant, CancellationToken.None));
        for (var number = 0; number < written.Count; number++)
        {
            try
            {
                var found = await records.FindAsync(Sample.KindOf(number), Sample.IdOf(number), CancellationToken.None);
                if (!written.Allows(number, written.Stored(number), found?.Value))
                {
                    faults.Add($"Sample {number} is not what was written last.");
                }
            }
            catch (Exception trouble)
            {
                faults.Add($"Sample {number} does not open: {trouble.GetType().Name}, {trouble.Message}");
            }
        }

        return faults;
    }

    /// <summary>What is wrong: samples or data keys of a generation, or wrapped by a version, that should be gone.</summary>
    /// <param name="before">The data keys as they were before.</param>
    public async Task<List<string>> FindOldAsync(IReadOnlyCollection<DataKeyRecord> before)
    {
        var keys = await DataKeysAsync();
        var faults = new List<string>();
        foreach (var use in keys.Where(static key => key.Use != DataKeyRecord.IndexUse).GroupBy(static key => key.Use))
        {
            var old = before.Where(key => key.Use == use.Key).Max(static key => key.Generation);
            if (use.Any(key => key.Generation <= old))
            {
                faults.Add($"The key {use.Key} has a generation from before.");
            }
        }

        faults.AddRange(keys.Where(key => before.Any(old => old.Version == key.Version))
            .Select(static key => $"The key {key.Use} is wrapped by a version from before."));
        await foreach (var document in WalkAsync())
        {
            if (Kinds.Contains(document.Key.Kind.Name)
                && !keys.Any(key => key.Use == PurposeOf(document).Word() && key.Generation == GenerationOf(document)))
            {
                faults.Add($"A {document.Key.Kind.Name} is sealed under a generation that is gone.");
            }
        }

        return faults;
    }

    public async Task<List<DataKeyRecord>> DataKeysAsync()
    {
        var keys = new List<DataKeyRecord>();
        await foreach (var document in WalkAsync())
        {
            if (document.Key.Kind == DataKeyRecord.Documents)
            {
                keys.Add(DataKeyRecord.FromDocument(document));
            }
        }

        return keys;
    }

    private static Purpose PurposeOf(Document document) =>
        Sample.Kinds.Single(kind => kind.Documents == document.Key.Kind).Purpose;

    // The schema stands in front of the sealed value.
    private static uint GenerationOf(Document document) => SealedFormat.Generation(document.Body.Span[sizeof(int)..]);
}
