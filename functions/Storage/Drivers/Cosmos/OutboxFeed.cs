using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Follows the change feed of every home and rings the bell for each tenant with a new message: a bell that was lost with a
/// process is rung again by whoever reads the feed next. Latest version mode, which is always there; messages stay in it
/// until they are changed, so none is missed. Deletions are not in it and not wanted.
/// <para>A range of the feed is read by one process at a time, by a lease in the fleet that also keeps how far it was read:
/// <c>{t:"feed", range, continuation?, holder, until}</c>. Two at once, after a clock went wrong, ring twice.</para>
/// </summary>
internal sealed class OutboxFeed(
    CosmosAccount account, CosmosCalls calls, Placements placements, QueueBell bell, TimeProvider time)
{
    private const string Kind = "feed";
    private const int Page = 200;
    private const int MostPages = 50;
    private static readonly PartitionKey Partition = new(Kind);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);
    private readonly string holder = ItemName.NewText();

    /// <summary>Reads what is new in every range that is free or this process's. Returns how many rings it gave.</summary>
    /// <exception cref="Exception">The first trouble there was. It stopped one home and not those behind it.</exception>
    public async Task<int> ReadOnceAsync(CancellationToken cancellation)
    {
        var rings = 0;
        ExceptionDispatchInfo? first = null;
        foreach (var home in await HomesAsync(cancellation))
        {
            try
            {
                foreach (var lease in await LeasesAsync(home, cancellation))
                {
                    rings += await ReadAsync(home, lease, cancellation);
                }
            }
            catch (Exception trouble) when (!cancellation.IsCancellationRequested)
            {
                first ??= ExceptionDispatchInfo.Capture(trouble);
            }
        }

        first?.Throw();
        return rings;
    }

    private async Task<List<HomeName>> HomesAsync(CancellationToken cancellation)
    {
        HashSet<HomeName> homes = [HomeName.Shared];
        await foreach (var placement in placements.AllAsync(cancellation))
        {
            homes.Add(placement.Home);
        }

        return [.. homes];
    }

    // The ranges as they were when the home was first followed: they cover it whole, and go on doing so when the service
    // splits a partition under them, since they are ranges of keys.
    private async Task<List<StoredItem>> LeasesAsync(HomeName home, CancellationToken cancellation)
    {
        var leases = await StoredAsync(home, cancellation);
        if (leases.Count > 0)
        {
            return leases;
        }

        foreach (var range in await RangesAsync(home, cancellation))
        {
            var json = range.ToJsonString();
            using var answer = await calls.AskAsync(
                Kind,
                token => account.Fleet.CreateItemStreamAsync(
                    Placements.Body(Write(home, json, null, "", 0)), Partition, null, token),
                cancellation);
        }

        return await StoredAsync(home, cancellation);
    }

    private async Task<List<StoredItem>> StoredAsync(HomeName home, CancellationToken cancellation)
    {
        var leases = new List<StoredItem>();
        var query = new QueryDefinition(CosmosQueries.FeedLeases);
        await foreach (var row in calls.QueryAsync(account.Fleet, Partition, query, 100, cancellation))
        {
            if (new StoredItem(row) is var lease && lease.Text("home") == home.Text)
            {
                leases.Add(lease);
            }
        }

        return leases;
    }

    private async Task<IReadOnlyList<FeedRange>> RangesAsync(HomeName home, CancellationToken cancellation)
    {
        try
        {
            return await account.Records(home).GetFeedRangesAsync(cancellation);
        }
        catch (Exception thrown) when (CosmosTrouble.StatusOf(thrown, cancellation) is { } trouble)
        {
            throw CosmosTrouble.Explain(trouble.Status, trouble.SubStatus);
        }
    }

    private async Task<int> ReadAsync(HomeName home, StoredItem lease, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = lease.Number("until");
        var left = TimeSpan.FromMilliseconds(Math.Min(until - now, int.MaxValue));
        var isMine = lease.Text("holder") == holder;
        if (!isMine && left > TimeSpan.Zero && left <= Hold)
        {
            return 0;
        }

        var continuation = lease.OptionalText("continuation");
        var version = isMine && left > Hold / 2 && left <= Hold
            ? lease.Version
            : await KeepAsync(home, lease, lease.Version, continuation, cancellation);
        var range = FeedRange.FromJsonString(lease.Text("range"));
        var rings = 0;
        for (var page = 0; page < MostPages && version is not null; page++)
        {
            var (rows, next) = await calls.ChangesAsync(account.Records(home), range, continuation, Page, cancellation);
            if (rows is null)
            {
                break;
            }

            continuation = next;
            var tenants = rows.Select(static row => new StoredItem(row)).Where(MessageItem.IsNews)
                .Select(static item => item.Text("tenant")).ToHashSet(StringComparer.Ordinal);
            foreach (var tenant in tenants)
            {
                bell.Ring(TenantId.Parse(tenant));
            }

            // Rung first, kept then: after a crash in between it is rung again.
            rings += tenants.Count;
            version = await KeepAsync(home, lease, version, continuation, cancellation);
        }

        return rings;
    }

    /// <summary>Holds the range, and keeps how far it was read. Null when another has it.</summary>
    private async Task<string?> KeepAsync(
        HomeName home, StoredItem lease, string version, string? continuation, CancellationToken cancellation)
    {
        var until = (time.GetUtcNow() + Hold).ToUnixTimeMilliseconds();
        var text = Write(home, lease.Text("range"), continuation, holder, until);
        using var answer = await calls.AskAsync(
            Kind,
            token => account.Fleet.ReplaceItemStreamAsync(
                Placements.Body(text), lease.Id, Partition, new ItemRequestOptions { IfMatchEtag = version }, token),
            cancellation);
        return answer.IsSuccessStatusCode ? answer.Headers.ETag : null;
    }

    private static ReadOnlyMemory<byte> Write(HomeName home, string range, string? continuation, string holder, long until)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{home.Text}\n{range}")));
        return ItemText.OfFleet(Kind, name, Kind, WriteId.New(), json =>
        {
            json.WriteString("home", home.Text);
            json.WriteString("range", range);
            json.WriteString("holder", holder);
            json.WriteNumber("until", until);
            if (continuation is not null)
            {
                json.WriteString("continuation", continuation);
            }
        });
    }
}

/// <summary>
/// Reads the feed as long as the program runs, and finishes moves whose mover is gone: at the start all, later those that
/// have not come on for a while.
/// </summary>
internal sealed class CosmosWatch(OutboxFeed feed, MoveTenant mover, CosmosCalls calls, ILogger log) : BackgroundService
{
    private const int LooksBetweenMoves = 15;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var look = 0; !stoppingToken.IsCancellationRequested; look++)
        {
            var wait = LookAgain;
            try
            {
                if (look % LooksBetweenMoves == 0)
                {
                    await mover.ResumeAsync(onlyStale: look > 0, stoppingToken);
                }

                await feed.ReadOnceAsync(stoppingToken);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                CosmosLog.FeedBroke(log, trouble.GetType().Name);
                wait = AfterTrouble;
            }

            await Task.Delay(wait, calls.Pace, stoppingToken);
        }
    }
}
