using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// One way to the service for everybody: each request has a time limit, is counted, and is asked again where that is
/// safe. Reads always are; of writes each caller decides by what <see cref="SendAsync"/> says became of it.
/// </summary>
/// <param name="pace">Waits and time limits: of this machine, not the wall clock that records bear.</param>
internal sealed class CosmosCalls(CosmosOptions settings, CosmosMeter meter, TimeProvider pace)
{
    private const int Tries = 4;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    public TimeProvider Pace => pace;

    /// <summary>The item, or null when there is none.</summary>
    public async ValueTask<StoredItem?> ReadAsync(
        Container container, PartitionKey partition, string name, CancellationToken cancellation)
    {
        using var answer = await AskAsync(
            "read", token => container.ReadItemStreamAsync(name, partition, null, token), cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : new StoredItem(await JsonOfAsync(answer, cancellation));
    }

    /// <summary>The rows, in pages of at most that many; the caller stops when it has enough.</summary>
    public async IAsyncEnumerable<JsonElement> QueryAsync(
        Container container,
        PartitionKey partition,
        QueryDefinition query,
        int page,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = new QueryRequestOptions { PartitionKey = partition, MaxItemCount = page };
        string? place = null;
        FeedIterator? pages = null;
        do
        {
            using var answer = await AskAsync("query", NextAsync, cancellation);
            place = answer.ContinuationToken;
            foreach (var row in (await JsonOfAsync(answer, cancellation)).GetProperty("Documents").EnumerateArray())
            {
                yield return row;
            }
        }
        while (pages!.HasMoreResults);

        // What failed is of no further use: the next try goes on from the last page that came.
        async Task<ResponseMessage> NextAsync(CancellationToken token)
        {
            var current = pages ?? container.GetItemQueryStreamIterator(query, place, options);
            pages = null;
            var answer = await current.ReadNextAsync(token);
            pages = answer.IsSuccessStatusCode ? current : null;
            return answer;
        }
    }

    /// <summary>
    /// One page of the change feed, and where the next begins; null when there is nothing new. From the beginning without a
    /// continuation.
    /// </summary>
    public async ValueTask<(IReadOnlyList<JsonElement>? Rows, string Next)> ChangesAsync(
        Container container, FeedRange range, string? continuation, int page, CancellationToken cancellation)
    {
        var start = continuation is null
            ? ChangeFeedStartFrom.Beginning(range)
            : ChangeFeedStartFrom.ContinuationToken(continuation);
        var options = new ChangeFeedRequestOptions { PageSizeHint = page };
        using var answer = await AskAsync(
            "changes",
            async token =>
            {
                using var pages = container.GetChangeFeedStreamIterator(start, ChangeFeedMode.LatestVersion, options);
                return await pages.ReadNextAsync(token);
            },
            cancellation);
        var rows = answer.StatusCode == HttpStatusCode.NotModified
            ? null
            : (await JsonOfAsync(answer, cancellation)).GetProperty("Documents").EnumerateArray().ToList();
        return (rows, answer.ContinuationToken);
    }

    /// <summary>A request that may be asked as often as need be.</summary>
    /// <exception cref="StorageUnavailableException">The service did not answer it.</exception>
    public async ValueTask<ResponseMessage> AskAsync(
        string operation, Func<CancellationToken, Task<ResponseMessage>> request, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, status, subStatus) = await SendAsync(operation, request, cancellation);
            var fate = CosmosTrouble.FateOf(status, subStatus);
            if (fate == Fate.Answered && answer is not null)
            {
                return answer;
            }

            answer?.Dispose();
            if (fate == Fate.Refused || attempt == Tries || status == HttpStatusCode.TooManyRequests)
            {
                throw CosmosTrouble.Explain(status, subStatus);
            }

            await PauseAsync(attempt, cancellation);
        }
    }

    /// <summary>
    /// One request, with a time limit, counted. No answer is a status as well: the one that says what is known of it.
    /// </summary>
    public async ValueTask<(ResponseMessage? Answer, HttpStatusCode Status, int SubStatus)> SendAsync(
        string operation, Func<CancellationToken, Task<ResponseMessage>> request, CancellationToken cancellation)
    {
        var start = meter.Start();
        try
        {
            var answer = await LimitedAsync(request, cancellation);
            meter.Count(operation, start, answer.StatusCode, answer.Headers);
            return (answer, answer.StatusCode, SubStatusOf(answer.Headers));
        }
        catch (Exception thrown) when (CosmosTrouble.StatusOf(thrown, cancellation) is not null)
        {
            var (status, subStatus) = CosmosTrouble.StatusOf(thrown, cancellation)!.Value;
            meter.Count(operation, start, status, (thrown as CosmosException)?.Headers);
            return (null, status, subStatus);
        }
    }

    /// <summary>As <see cref="SendAsync"/>, for a batch: its answer has a status of each operation.</summary>
    public async ValueTask<(TransactionalBatchResponse? Answer, HttpStatusCode Status, int SubStatus)> SendBatchAsync(
        TransactionalBatch batch, CancellationToken cancellation)
    {
        var start = meter.Start();
        try
        {
            var answer = await LimitedAsync(batch.ExecuteAsync, cancellation);
            meter.Count("batch", start, answer.StatusCode, answer.Headers);
            return (answer, answer.StatusCode, SubStatusOf(answer.Headers));
        }
        catch (Exception thrown) when (CosmosTrouble.StatusOf(thrown, cancellation) is not null)
        {
            var (status, subStatus) = CosmosTrouble.StatusOf(thrown, cancellation)!.Value;
            meter.Count("batch", start, status, (thrown as CosmosException)?.Headers);
            return (null, status, subStatus);
        }
    }

    /// <summary>Waits before another try: longer each time, and not all callers for the same time.</summary>
    public Task PauseAsync(int attempt, CancellationToken cancellation)
    {
        var wait = FirstWait * Math.Min(1 << Math.Min(attempt, 6), 20);
        var share = 0.5 + (System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 2000.0);
        return Task.Delay(wait * share, pace, cancellation);
    }

    public static async ValueTask<JsonElement> JsonOfAsync(ResponseMessage answer, CancellationToken cancellation)
    {
        // Not disposed: what is read from it lives on, and its memory is the collector's.
        var json = await JsonDocument.ParseAsync(answer.Content, default, cancellation);
        return json.RootElement;
    }

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();

        // The SDK waits for what the service asks for when it is throttled: that comes on top.
        using var patience = new CancellationTokenSource(settings.Patience + settings.MaxThrottleWait, pace);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        return await request(limit.Token);
    }

    private static int SubStatusOf(Headers headers) =>
        int.TryParse(headers["x-ms-substatus"], out var subStatus) ? subStatus : 0;
}
