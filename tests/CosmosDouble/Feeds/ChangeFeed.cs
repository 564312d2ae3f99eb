using System.Globalization;
using System.Text.Json;
using PracticPro.CosmosDouble.Charges;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.State;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Feeds;

/// <summary>
/// The change feed in latest-version mode: every item once, in its latest version, in the order of the transactions that
/// wrote them; no deletes, no expiries. A page never ends within a transaction. The ETag, a quoted transaction number, is
/// where the next page goes on; nothing new is 304.
/// </summary>
internal static class ChangeFeed
{
    private const string LatestVersions = "Incremental Feed";

    public static CosmosAnswer Read(CosmosRequest request, ContainerState container, FeedScope scope, ContainerSnapshot snapshot)
    {
        if (request.Header(CosmosHeaders.ChangeFeed) is not LatestVersions and not "Incremental feed")
        {
            return CosmosAnswer.Of(Refusal.Unknown("a change feed other than that of latest versions"));
        }

        var (after, since, problem) = Start(request, snapshot);
        if (problem is not null)
        {
            return CosmosAnswer.Of(problem);
        }

        using var page = new FeedPage(container.Rid, request.Number(CosmosHeaders.MaxItemCount));
        long bytes = 0;
        var lsn = after;
        for (var index = snapshot.IndexAfter(after); index < snapshot.Changes.Count; index++)
        {
            var version = snapshot.Changes[index];
            var item = version.Item!;
            if (version.Lsn != lsn && page.IsFull(item.Body.Length))
            {
                break;
            }

            lsn = version.Lsn;
            if (IsWanted(item))
            {
                page.Add(writer => Write(writer, version));
                bytes += item.Body.Length;
            }
        }

        var etag = $"\"{lsn.ToString(CultureInfo.InvariantCulture)}\"";
        return page.Count == 0
            ? CosmosAnswer.Empty(304) with { ETag = etag, ItemCount = 0, Charge = RequestUnits.Feed(0) * container.ReadFactor }
            : page.Finish() with { ETag = etag, Charge = RequestUnits.Feed(bytes) * container.ReadFactor };

        bool IsWanted(StoredItem item) =>
            item.Seconds >= since
            && !item.IsExpired(snapshot.Definition.DefaultTtl, container.Now)
            && scope.Holds(snapshot.Partition(item.Key).Place, item.Key);
    }

    /// <summary>After which transaction, and from which second: an ETag, <c>*</c> for now, a date, or the beginning.</summary>
    private static (long After, long Since, Refusal? Problem) Start(CosmosRequest request, ContainerSnapshot snapshot)
    {
        var since = DateTimeOffset.TryParse(
            request.Header(CosmosHeaders.IfModifiedSince), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUnixTimeSeconds()
            : 0;
        return request.IfNoneMatch switch
        {
            null or "" => (0, since, null),
            "*" => (snapshot.Lsn, since, null),
            var etag when long.TryParse(etag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var lsn) => (lsn, since, null),
            _ => (0, 0, Refusal.BadRequest("If-None-Match is not an ETag of the change feed.")),
        };
    }

    private static void Write(Utf8JsonWriter writer, ItemVersion version)
    {
        writer.WriteStartObject();
        foreach (var property in version.Item!.Root.EnumerateObject())
        {
            property.WriteTo(writer);
        }

        writer.WriteNumber("_lsn", version.Lsn);
        writer.WriteEndObject();
    }
}
