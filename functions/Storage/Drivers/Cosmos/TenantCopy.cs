using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// One tenant's records in two homes. Everything is written to the target in batches that first read the copy's gate, so
/// that a mover that was left behind by another changes nothing any more.
/// </summary>
/// <param name="gate">Name of the copy's gate in the target.</param>
internal sealed class TenantCopy(CosmosCalls calls, Container source, Container target, TenantId tenant, string gate)
{
    private const int Page = 100;
    private const int MostOperations = 99;
    private const long MostBytes = 1_500_000;
    private readonly PartitionKey key = new(tenant.Text);

    public string Gate => gate;

    /// <summary>
    /// Brings over what the source's change feed gives, from where it was left to where it ends now. Deletions are not in
    /// the feed. Returns how far that is.
    /// </summary>
    /// <param name="reached">Told after every page that is safe in the target.</param>
    public async Task<string?> FollowAsync(
        string? continuation, Func<string, Task> reached, CancellationToken cancellation)
    {
        while (true)
        {
            var (rows, next) = await calls.ChangesAsync(source, FeedRange.FromPartitionKey(key), continuation, Page, cancellation);
            if (rows is null)
            {
                return next;
            }

            await WriteAsync(rows.Select(static row => new StoredItem(row)).Where(IsRecord).Select(Upsert), cancellation);
            continuation = next;
            await reached(next);
        }
    }

    /// <summary>Makes the target hold what the source holds: both are gone through by id.</summary>
    public async Task ReconcileAsync(CancellationToken cancellation)
    {
        var changes = new List<ItemWrite>();
        await foreach (var (from, to) in PairsAsync(cancellation))
        {
            if (from is { } item && (to is not { } copied || !CanonicalRecord.Hash(item).AsSpan().SequenceEqual(CanonicalRecord.Hash(copied))))
            {
                changes.Add(Upsert(item));
            }
            else if (from is null && to is { } extra)
            {
                changes.Add(new ItemWrite.Delete(extra.Id));
            }

            if (changes.Count == Page)
            {
                await WriteAsync(changes, cancellation);
                changes.Clear();
            }
        }

        await WriteAsync(changes, cancellation);
    }

    /// <summary>Whether a hash over every record, id and content, is the same on both sides.</summary>
    public async Task<bool> AreEqualAsync(CancellationToken cancellation)
    {
        var hashes = await Task.WhenAll(HashAsync(source, cancellation), HashAsync(target, cancellation));
        return hashes[0].AsSpan().SequenceEqual(hashes[1]);
    }

    /// <summary>Deletes everything of the tenant in the target, but for the gate that this goes by.</summary>
    public async Task EmptyTargetAsync(CancellationToken cancellation)
    {
        var names = new List<ItemWrite>();
        await foreach (var row in calls.QueryAsync(target, key, new QueryDefinition(CosmosQueries.ItemsInOrder), Page, cancellation))
        {
            if (new StoredItem(row).Id is var name && name != gate)
            {
                names.Add(new ItemWrite.Delete(name));
            }

            if (names.Count == MostOperations)
            {
                await SendAsync(names, cancellation);
                names.Clear();
            }
        }

        await WriteAsync(names, cancellation);
    }

    /// <summary>SHA-256 over the hashes of all records in the order of their ids.</summary>
    public async Task<byte[]> HashAsync(Container home, CancellationToken cancellation)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var record in RecordsAsync(home, cancellation))
        {
            whole.AppendData(CanonicalRecord.Hash(record));
        }

        return whole.GetHashAndReset();
    }

    private static bool IsRecord(StoredItem item) => !ItemName.IsOfTheHome(item.Id);

    private static ItemWrite Upsert(StoredItem item) => new ItemWrite.Upsert(item.Id, CanonicalRecord.Text(item));

    private IAsyncEnumerable<StoredItem> RecordsAsync(Container home, CancellationToken cancellation) => calls
        .QueryAsync(home, key, new QueryDefinition(CosmosQueries.ItemsInOrder), Page, cancellation)
        .Select(static row => new StoredItem(row))
        .Where(IsRecord);

    private async IAsyncEnumerable<(StoredItem? From, StoredItem? To)> PairsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var from = RecordsAsync(source, cancellation).GetAsyncEnumerator(cancellation);
        await using var to = RecordsAsync(target, cancellation).GetAsyncEnumerator(cancellation);
        var (hasFrom, hasTo) = (await from.MoveNextAsync(), await to.MoveNextAsync());
        while (hasFrom || hasTo)
        {
            var order = !hasTo ? -1 : !hasFrom ? 1 : string.CompareOrdinal(from.Current.Id, to.Current.Id);
            yield return (order <= 0 ? from.Current : null, order >= 0 ? to.Current : null);
            hasFrom = order <= 0 ? await from.MoveNextAsync() : hasFrom;
            hasTo = order >= 0 ? await to.MoveNextAsync() : hasTo;
        }
    }

    private async Task WriteAsync(IEnumerable<ItemWrite> writes, CancellationToken cancellation)
    {
        var batch = new List<ItemWrite>();
        var bytes = 0L;
        foreach (var write in writes)
        {
            var size = write is ItemWrite.Upsert upsert ? upsert.Text.Length : 0;
            if (batch.Count == MostOperations || (batch.Count > 0 && bytes + size > MostBytes))
            {
                await SendAsync(batch, cancellation);
                (batch, bytes) = ([], 0);
            }

            batch.Add(write);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            await SendAsync(batch, cancellation);
        }
    }

    // Twice is as good as once, so an answer that does not come is no question here.
    private async Task SendAsync(List<ItemWrite> writes, CancellationToken cancellation)
    {
        const int Sendings = 6;
        for (var attempt = 1; ; attempt++)
        {
            var batch = target.CreateTransactionalBatch(key).ReadItem(gate);
            foreach (var write in writes)
            {
                _ = write is ItemWrite.Upsert upsert
                    ? batch.UpsertItemStream(Placements.Body(upsert.Text))
                    : batch.DeleteItem(write.Name);
            }

            var (answer, status, subStatus) = await calls.SendBatchAsync(batch, cancellation);
            using (answer)
            {
                if (answer is { IsSuccessStatusCode: true })
                {
                    return;
                }

                if (answer is not null && CosmosTrouble.FateOf(status, subStatus) is Fate.Answered)
                {
                    if (answer[0].StatusCode == System.Net.HttpStatusCode.NotFound)
                    {
                        throw new MoveTakenException();
                    }

                    // What was to be deleted is gone already, by its own time to live or an earlier try.
                    foreach (var write in writes.Count == 1 ? [] : writes)
                    {
                        await SendAsync([write], cancellation);
                    }

                    return;
                }
            }

            if (CosmosTrouble.FateOf(status, subStatus) is Fate.Refused || attempt == Sendings)
            {
                throw CosmosTrouble.Explain(status, subStatus);
            }

            await calls.PauseAsync(attempt, cancellation);
        }
    }
}

/// <summary>
/// A record as it is compared: its JSON without what the service adds (names that begin with an underline), members in the
/// order of their names.
/// </summary>
internal static class CanonicalRecord
{
    public static byte[] Hash(StoredItem item) => SHA256.HashData(Text(item).Span);

    public static ReadOnlyMemory<byte> Text(StoredItem item)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text))
        {
            Write(json, item.Json, isTop: true);
        }

        return text.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, bool isTop = false)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
        {
            if (!isTop || !member.Name.StartsWith('_'))
            {
                json.WritePropertyName(member.Name);
                Write(json, member.Value);
            }
        }

        json.WriteEndObject();
    }
}
