using System.Text.Json;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble.Charges;

/// <summary>
/// Request units, estimated. The service's own meter is not public; documented are points of it, and the lines between
/// them are ours. At Session; reads are multiplied for what is above it (<c>ReadConsistency</c>):
/// <list type="bullet">
/// <item>Point read: 1 for 1 KB, 10 for 100 KB.</item>
/// <item>Create, delete: 5 for 1 KB, 50 for 100 KB, with a few indexed values; each further one a little more.</item>
/// <item>Replace, patch, upsert of what is there: the old version's write and the new one's ("two times the insert").</item>
/// <item>Query: 3.19 where one item of 9,963 bytes is found and returned; 4,059.95 where 60,951 items of 399,998,938 bytes
/// are loaded and nearly all left out.</item>
/// </list>
/// Source: Microsoft Learn, "Optimize request cost in Azure Cosmos DB" and "Troubleshoot query issues when using Azure
/// Cosmos DB".
/// </summary>
internal static class RequestUnits
{
    private const double Kilobyte = 1024;

    /// <summary>Indexed values that the price of a write includes.</summary>
    private const int IndexedValuesIncluded = 5;

    private const double PerFurtherIndexedValue = 0.2;

    private const double QueryFixed = 2.3;
    private const double PerReturnedKilobyte = 0.0909;
    private const double PerLoadedKilobyte = 0.0104;

    public static double PointRead(int bytes) => Line(bytes, atOne: 1, atHundred: 10);

    public static double Write(StoredItem item, IndexingPolicy indexing)
    {
        var indexed = CountIndexed(item.Root, [], indexing);
        return Line(item.Body.Length, atOne: 5, atHundred: 50)
            + (Math.Max(0, indexed - IndexedValuesIncluded) * PerFurtherIndexedValue);
    }

    /// <param name="loadedBytes">Size of the items that were loaded only to be looked at: what no index could decide.</param>
    public static double Query(long returnedBytes, long loadedBytes) =>
        QueryFixed + (returnedBytes / Kilobyte * PerReturnedKilobyte) + (loadedBytes / Kilobyte * PerLoadedKilobyte);

    /// <summary>A page of all items, or of the change feed.</summary>
    public static double Feed(long bytes) => 1 + (bytes / Kilobyte * PerReturnedKilobyte);

    /// <summary>Below one kilobyte as one kilobyte; the line goes on beyond a hundred.</summary>
    private static double Line(int bytes, double atOne, double atHundred) =>
        atOne + ((atHundred - atOne) * Math.Max(0, (bytes / Kilobyte) - 1) / 99);

    private static int CountIndexed(JsonElement value, List<string> path, IndexingPolicy indexing)
    {
        var count = 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    path.Add(property.Name);
                    count += CountIndexed(property.Value, path, indexing);
                    path.RemoveAt(path.Count - 1);
                }

                return count;
            case JsonValueKind.Array:
                path.Add("[]");
                count = value.EnumerateArray().Sum(element => CountIndexed(element, path, indexing));
                path.RemoveAt(path.Count - 1);
                return count;
            default:
                return indexing.Includes(path) ? 1 : 0;
        }
    }
}
