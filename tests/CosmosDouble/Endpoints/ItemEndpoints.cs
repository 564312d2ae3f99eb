using System.Globalization;
using PracticPro.CosmosDouble.Batches;
using PracticPro.CosmosDouble.Feeds;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.Query;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Endpoints;

/// <summary>Items of a container: by id, in batches, by query, as a feed.</summary>
internal sealed class ItemEndpoints(AccountState account)
{
    public async Task<CosmosAnswer> AnswerAsync(CosmosRequest request)
    {
        if (account.Find(request.Address.Database!)?.Find(request.Address.Child!) is not { } container)
        {
            return CosmosAnswer.Of(Refusal.NoOwner);
        }

        if (SessionProblem(request, container) is { } problem)
        {
            return CosmosAnswer.Of(problem);
        }

        return request.Kind switch
        {
            RequestKind.Point => Point(request, container),
            RequestKind.Batch => await BatchAsync(request, container),
            _ => Feed(request, container),
        };
    }

    private static CosmosAnswer Point(CosmosRequest request, ContainerState container)
    {
        var (key, refusal) = WholeKey(request, container);
        if (key is null)
        {
            return CosmosAnswer.Of(refusal!);
        }

        if (Operation(request) is not { } operation)
        {
            return CosmosAnswer.Of(Refusal.Unknown($"{request.Method} of an item"));
        }

        var (results, after) = container.Execute(key, [operation]);
        var result = results[0];
        if (result.Refusal is { } refused)
        {
            return Placed(CosmosAnswer.Of(refused) with { Charge = result.Charge }, key, after);
        }

        var isBodyWanted = result.Item is not null && (operation.Verb == ItemVerb.Read || !operation.Minimal);
        return Placed(
            new CosmosAnswer(result.Status, isBodyWanted ? result.Item!.Body : ReadOnlyMemory<byte>.Empty)
            {
                ETag = result.Item?.ETag,
                Charge = result.Charge,
            },
            key,
            after);
    }

    private static async Task<CosmosAnswer> BatchAsync(CosmosRequest request, ContainerState container)
    {
        var (key, refusal) = WholeKey(request, container);
        return key is null
            ? CosmosAnswer.Of(refusal!)
            : Placed(await BatchRun.AnswerAsync(request, container, key), key, container.Current);
    }

    private static CosmosAnswer Feed(CosmosRequest request, ContainerState container)
    {
        var snapshot = container.Current;
        if (request.Kind == RequestKind.QueryPlan)
        {
            var (planned, unknown) = QueryRequest.Read(request.Body);
            return planned is null ? CosmosAnswer.Of(unknown!) : QueryPlan.Answer(planned.Query, request, snapshot);
        }

        var (scope, gone) = FeedScope.Of(request, snapshot);
        if (scope is null)
        {
            return CosmosAnswer.Of(gone!);
        }

        var answer = request.Kind switch
        {
            RequestKind.ChangeFeed => ChangeFeed.Read(request, container, scope, snapshot),
            RequestKind.Feed => ReadFeed.Read(request, container, scope, snapshot),
            _ => Query(request, container, scope, snapshot),
        };
        return answer with { SessionToken = Session(scope.Range, snapshot), Lsn = snapshot.Lsn };
    }

    private static CosmosAnswer Query(CosmosRequest request, ContainerState container, FeedScope scope, ContainerSnapshot snapshot)
    {
        var (query, refusal) = QueryRequest.Read(request.Body);
        return query is null
            ? CosmosAnswer.Of(refusal!)
            : new QueryRun(query, scope, snapshot, container.Now).Answer(request, container);
    }

    private static ItemOperation? Operation(CosmosRequest request)
    {
        ItemVerb? verb = (request.Method, request.Address.IsCollection) switch
        {
            ("POST", true) => request.Flag(CosmosHeaders.IsUpsert) ? ItemVerb.Upsert : ItemVerb.Create,
            ("GET", false) => ItemVerb.Read,
            ("PUT", false) => ItemVerb.Replace,
            ("DELETE", false) => ItemVerb.Delete,
            ("PATCH", false) => ItemVerb.Patch,
            _ => null,
        };
        return verb is { } known
            ? new ItemOperation(known, request.Address.Grandchild, request.Body, request.IfMatch, request.IfNoneMatch, request.WantsMinimal)
            : null;
    }

    private static (PartitionKeyValue? Key, Refusal? Refusal) WholeKey(CosmosRequest request, ContainerState container)
    {
        if (request.PartitionKey is not { } key)
        {
            return (null, Refusal.BadRequest("The partition key header is missing or is not an array of JSON scalars."));
        }

        if (key.Components.Count != container.Current.Definition.PartitionKeyPaths.Count)
        {
            return (null, new Refusal(400, Refusal.KeysDiffer, "The partition key has not as many values as the container has paths."));
        }

        return key.ByteCount <= PartitionKeyValue.LargestBytes
            ? (key, null)
            : (null, Refusal.BadRequest("A partition key has at most 2048 bytes."));
    }

    /// <summary>A client that has seen more than there is has been answered for a write that is lost.</summary>
    private static Refusal? SessionProblem(CosmosRequest request, ContainerState container)
    {
        var seen = (request.Header(CosmosHeaders.SessionToken) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(token => token.Split('#') is [_, var lsn, ..]
                && long.TryParse(lsn, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty()
            .Max();
        return seen > container.Current.Lsn ? Refusal.NoSuchSession : null;
    }

    private static CosmosAnswer Placed(CosmosAnswer answer, PartitionKeyValue key, ContainerSnapshot snapshot) => answer with
    {
        SessionToken = Session(snapshot.Ranges.Holding(EffectivePartitionKey.Of(key)), snapshot),
        Lsn = snapshot.Lsn,
    };

    private static string Session(PhysicalRange range, ContainerSnapshot snapshot) =>
        string.Create(CultureInfo.InvariantCulture, $"{range.Id}:-1#{snapshot.Lsn}");
}
