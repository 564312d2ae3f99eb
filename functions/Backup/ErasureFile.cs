using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Backup;

/// <summary>
/// Ledgers of erasures as a file, JSON lines <c>{"tenant":…,"entry":{…}}</c> in the ledgers' order: how what a live store
/// still knows gets to the restore of an older one.
/// </summary>
internal static class ErasureFile
{
    public static async Task WriteAsync(
        TextWriter file, IStorage storage, IEnumerable<TenantId> tenants, CancellationToken cancellation)
    {
        foreach (var tenant in tenants)
        {
            foreach (var entry in await ErasureLedger.ReadAsync(storage.For(tenant).Logs, 0, cancellation))
            {
                await file.WriteLineAsync(JsonSerializer.Serialize(new Line(tenant, entry), JsonShapes.Stored));
            }
        }
    }

    /// <summary>The ledgers, or <see cref="BackupFailures.LedgerUnreadable"/>.</summary>
    public static Outcome<ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>> Read(TextReader file)
    {
        var ledgers = new Dictionary<TenantId, List<ErasureEntry>>();
        while (file.ReadLine() is { } text)
        {
            try
            {
                var line = JsonSerializer.Deserialize<Line>(text, JsonShapes.Stored);
                if (line is not { Entry.Keys.IsDefault: false })
                {
                    return new BackupFailures.LedgerUnreadable();
                }

                if (!ledgers.TryGetValue(line.Tenant, out var entries))
                {
                    ledgers.Add(line.Tenant, entries = []);
                }

                entries.Add(line.Entry);
            }
            catch (Exception trouble) when (trouble is JsonException or FormatException)
            {
                return new BackupFailures.LedgerUnreadable();
            }
        }

        return ledgers.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray());
    }

    private sealed record Line(TenantId Tenant, ErasureEntry Entry);
}
