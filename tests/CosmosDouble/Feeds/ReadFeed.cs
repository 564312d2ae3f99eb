using System.Globalization;
using PracticPro.CosmosDouble.Charges;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Feeds;

/// <summary>All items of a scope, in the order of their creation. The continuation is the last item's number.</summary>
internal static class ReadFeed
{
    public static CosmosAnswer Read(CosmosRequest request, ContainerState container, FeedScope scope, ContainerSnapshot snapshot)
    {
        long after = 0;
        if (request.Header(CosmosHeaders.Continuation) is { Length: > 0 } token
            && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return CosmosAnswer.Of(Refusal.BadRequest("The continuation is not one of a read feed."));
        }

        using var page = new FeedPage(container.Rid, request.Number(CosmosHeaders.MaxItemCount));
        string? next = null;
        long bytes = 0;
        var last = after;
        foreach (var item in scope.Items(snapshot, container.Now).SkipWhile(item => item.Number <= after))
        {
            if (page.IsFull(item.Body.Length))
            {
                next = last.ToString(CultureInfo.InvariantCulture);
                break;
            }

            page.Add(item.Body);
            bytes += item.Body.Length;
            last = item.Number;
        }

        return page.Finish() with { Continuation = next, Charge = RequestUnits.Feed(bytes) * container.ReadFactor };
    }
}
