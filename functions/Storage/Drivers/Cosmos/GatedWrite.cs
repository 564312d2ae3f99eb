using System.Collections.Immutable;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Sends one batch until it is known what became of it.
/// <list type="bullet">
/// <item>The gate is missing (404, and 424 for the rest): the tenant is changing its home, or has; the placement is looked
/// up again, and the batch goes to where it says.</item>
/// <item>No clear answer: the same batch is sent again. It goes through twice only if nothing in it is conditional, and then
/// twice is as good as once. If it meets its own first try, that shows: its items bear its id.</item>
/// <item>Refused: first the item is looked at. If it bears this write's id, an earlier sending went through (the SDK sends
/// again by itself, too), and the answer is that it is stored.</item>
/// </list>
/// </summary>
internal sealed class GatedWrite(
    TenantPartition partition, CosmosAccount account, Placements placements, CosmosCalls calls, ILogger log, PartitionWrite write)
{
    private const int Sendings = 5;
    private static readonly TransactionalBatchItemRequestOptions NoContent = new() { EnableContentResponseOnWrite = false };
    private readonly PartitionKey key = new(partition.Tenant.Text);

    // A sending of this batch got no clear answer, and may have gone through or may yet.
    private bool inDoubt;

    public async ValueTask<WriteOutcome> RunAsync(CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(cancellation);
        }
        catch (StorageUnavailableException trouble) when (inDoubt)
        {
            // Whatever it was that kept it from being found out.
            throw new StorageUnavailableException("the service did not say whether the write went through", trouble);
        }
    }

    private async ValueTask<WriteOutcome> SendAsync(CancellationToken cancellation)
    {
        long? shut = null;
        for (var attempt = 1; ; attempt++)
        {
            var placement = await placements.ForWritingAsync(partition.Tenant, cancellation);
            var home = await account.RecordsAsync(partition.Tenant, placement.Home, cancellation);
            var (answer, status, subStatus) = await calls.SendBatchAsync(Make(home, placement.Epoch), cancellation);
            using (answer)
            {
                if (answer is { IsSuccessStatusCode: true })
                {
                    return new WriteOutcome.Stored([.. Enumerable.Range(1, write.Writes.Count).Select(at => answer[at].ETag ?? "")]);
                }

                switch (answer is null ? null : RefusedAt(answer))
                {
                    case 0:
                        // Gone, and the placement says the same as before: somebody took the gate who may not.
                        if (shut == placement.Epoch)
                        {
                            throw new StorageCorruptException("the partition of a tenant has no gate");
                        }

                        shut = placement.Epoch;
                        placements.Forget(partition.Tenant);
                        continue;
                    case { } at:
                        return await AfterRefusalAsync(at - 1, cancellation);
                }
            }

            var fate = CosmosTrouble.FateOf(status, subStatus);
            if (fate == Fate.Unknown)
            {
                inDoubt = true;
                CosmosLog.InDoubt(log);
            }

            if (attempt >= Sendings || fate == Fate.Refused || status == HttpStatusCode.TooManyRequests)
            {
                return (inDoubt ? await StoredAsync(cancellation) : null) ?? throw CosmosTrouble.Explain(status, subStatus);
            }

            await calls.PauseAsync(attempt, cancellation);
        }
    }

    // The first operation that failed for itself; the others then failed for it. When all failed alike, it was the batch.
    private static int? RefusedAt(TransactionalBatchResponse answer)
    {
        var own = Enumerable.Range(0, answer.Count)
            .Where(at => answer[at].StatusCode != HttpStatusCode.FailedDependency && !answer[at].IsSuccessStatusCode)
            .ToList();
        return own is [var only]
            && answer[only].StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
                ? only
                : null;
    }

    private TransactionalBatch Make(Container home, long epoch)
    {
        var batch = home.CreateTransactionalBatch(key).ReadItem(ItemName.Gate(epoch));
        foreach (var one in write.Writes)
        {
            _ = one switch
            {
                ItemWrite.Create create => batch.CreateItemStream(Placements.Body(create.Text), NoContent),
                ItemWrite.Replace replace => batch.ReplaceItemStream(
                    replace.Name, Placements.Body(replace.Text), At(replace.Version)),
                ItemWrite.Upsert upsert => batch.UpsertItemStream(Placements.Body(upsert.Text), NoContent),
                ItemWrite.Delete delete => batch.DeleteItem(delete.Name, delete.Version is null ? NoContent : At(delete.Version)),
                _ => throw new ArgumentException("A write of no known kind."),
            };
        }

        return batch;
    }

    private static TransactionalBatchItemRequestOptions At(string version) =>
        new() { IfMatchEtag = version, EnableContentResponseOnWrite = false };

    private async ValueTask<WriteOutcome> AfterRefusalAsync(int at, CancellationToken cancellation)
    {
        if (await StoredAsync(cancellation, at) is { } stored)
        {
            return stored;
        }

        // Without a witness, an item that bears another's write may have borne this one's before. Only that something is
        // gone that was to be gone is no question.
        return inDoubt && write.Witness is null && write.Writes[at] is not ItemWrite.Delete { Version: null }
            ? throw new StorageUnavailableException("the item was changed by another since")
            : new WriteOutcome.Refused(at);
    }

    /// <summary>That the write went through, if an item shows it: the witness, else the refused one, else any in doubt.</summary>
    private async ValueTask<WriteOutcome?> StoredAsync(CancellationToken cancellation, int? refused = null)
    {
        if ((write.Witness ?? (inDoubt ? null : refused)) is { } witness)
        {
            return await partition.ReadAsync(write.Writes[witness].Name, cancellation) is { } item && item.IsOf(write.Id)
                ? new WriteOutcome.Stored(await VersionsAsync(cancellation))
                : null;
        }

        var versions = await VersionsAsync(cancellation);
        return versions.Any(static version => version != WriteOutcome.Stored.Superseded) ? new WriteOutcome.Stored(versions) : null;
    }

    private async ValueTask<ImmutableArray<string>> VersionsAsync(CancellationToken cancellation)
    {
        var items = await partition.ReadAsync([.. write.Writes.Select(static one => one.Name)], cancellation);
        return [.. items.Select(item => item is { } found && found.IsOf(write.Id) ? found.Version : WriteOutcome.Stored.Superseded)];
    }
}
