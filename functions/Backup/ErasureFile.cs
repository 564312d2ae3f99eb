using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Backup;

/// <summary>
/// Ledgers of erasures as a file, JSON lines <c>{"tenant":…,"entry":{…}}</c> in the ledgers' order: how what a live store
/// still knows gets to the restore of an older one. That of an account ends with a line <c>{"source":{…}}</c>, so that one
/// which was cut short, is old or is another account's is not taken for all there is.
/// </summary>
internal static class ErasureFile
{
    private const string SourceBegins = "{\"source\":";

    /// <summary>Writes the entries; gives back how many.</summary>
    public static async Task<long> WriteAsync(
        TextWriter file, IStorage storage, IEnumerable<TenantId> tenants, CancellationToken cancellation)
    {
        var written = 0L;
        foreach (var tenant in tenants)
        {
            foreach (var entry in await ErasureLedger.ReadAsync(storage.For(tenant).Logs, 0, cancellation))
            {
                await file.WriteLineAsync(JsonSerializer.Serialize(new Line(tenant, entry), JsonShapes.Stored));
                written++;
            }
        }

        return written;
    }

    /// <summary>The last line.</summary>
    public static Task CloseAsync(TextWriter file, ErasureSource source) =>
        file.WriteLineAsync(JsonSerializer.Serialize(new Closing(source), JsonShapes.Stored));

    /// <summary>The ledgers, or <see cref="BackupFailures.LedgerUnreadable"/>.</summary>
    public static Outcome<ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>> Read(TextReader file)
    {
        if (!ReadWhole(file).Try(out var whole, out var why))
        {
            return why;
        }

        return whole.Ledgers;
    }

    /// <summary>The ledgers and where they are from, or <see cref="BackupFailures.LedgerUnreadable"/>.</summary>
    public static Outcome<ErasureFileContent> ReadWhole(TextReader file)
    {
        var ledgers = new Dictionary<TenantId, List<ErasureEntry>>();
        ErasureSource? source = null;
        var read = 0L;
        while (file.ReadLine() is { } text)
        {
            try
            {
                if (source is not null)
                {
                    return new BackupFailures.LedgerUnreadable();
                }

                if (text.StartsWith(SourceBegins, StringComparison.Ordinal))
                {
                    source = JsonSerializer.Deserialize<Closing>(text, JsonShapes.Stored)?.Source;
                    if (source is not { Account.Length: > 0, ReadAt.Length: > 0 } || source.Entries != read)
                    {
                        return new BackupFailures.LedgerUnreadable();
                    }

                    continue;
                }

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
                read++;
            }
            catch (Exception trouble) when (trouble is JsonException or FormatException)
            {
                return new BackupFailures.LedgerUnreadable();
            }
        }

        return new ErasureFileContent(
            ledgers.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray()), source);
    }

    private sealed record Line(TenantId Tenant, ErasureEntry Entry);

    private sealed record Closing(ErasureSource Source);
}

/// <summary>What a file of erasures holds.</summary>
/// <param name="Source">Null: it is of a data folder, or was cut short.</param>
internal sealed record ErasureFileContent(
    ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> Ledgers, ErasureSource? Source);

/// <summary>Of what a file of erasures was written.</summary>
/// <param name="Account">The account the records are of, by its host.</param>
/// <param name="ReadAt">The account they were read at: another one, when that is itself a restored copy.</param>
/// <param name="At">When reading began, Unix milliseconds.</param>
/// <param name="Entries">How many entries stand before.</param>
internal sealed record ErasureSource(string Account, string ReadAt, long At, long Entries);
