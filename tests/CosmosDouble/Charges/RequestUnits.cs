using System.Text.Json;
using PracticPro.CosmosDouble.Items;
using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble.Charges;

/// <summary>
/// Request units, estimated. The service's own meter is not public; documented are points of it, and the lines between
/// them are ours. At session consistency:
/// <list type="bullet">
/// <item>Point read: 1 for 1 KB, 10 for 100 KB.</item>
/// <item>Create, delete: 5 for 1 KB, 50 for 100 KB, with a few indexed values; each further one a little more.</item>
/// <item>Replace, patch, upsert of what is there: the old version's write and the new one's ("two times the insert").</item>
/// <item>Query: a fixed part, the index, every item loaded to be looked at, every item returned.</item>
/// </list>
/// Source: Microsoft Learn, "Optimize reads and writes cost in Azure Cosmos DB" and "Request Units in Azure Cosmos DB".
/// </summary>
internal static class RequestUnits
{
    private const double Kilobyte = 1024;

    /// <summary>Indexed values that the price of a write includes.</summary>
    private const int IndexedValuesIncluded = 5;

    private const double PerFurtherIndexedValue = 0.2;

    private const double QueryFixed = 2.3;

    /// <summary>Next to nothing: the index knows.</summary>
    private const double PerItemFoundByIndex = 0.01;

    /// <summary>An item that had to be loaded, a kilobyte.</summary>
    private const double PerLoadedKilobyte = 0.3;

    /// <summary>Metadata, and refusals.</summary>
    public const double Metadata = 1;

    public static double PointRead(int bytes) => Line(bytes, atOne: 1, atHundred: 10);

    public static double Write(StoredItem item, IndexingPolicy indexing)
    {
        var indexed = CountIndexed(item.Root, [], indexing);
        return Line(item.Body.Length, atOne: 5, atHundred: 50)
            + (Math.Max(0, indexed - IndexedValuesIncluded) * PerFurtherIndexedValue);
    }

    /// <param name="found">Items that the index pointed at.</param>
    /// <param name="loadedBytes">Size of the items that were loaded, to be looked at or returned.</param>
    public static double Query(int found, long loadedBytes) =>
        QueryFixed + (found * PerItemFoundByIndex) + (loadedBytes / Kilobyte * PerLoadedKilobyte);

    /// <summary>A page of all items, or of the change feed.</summary>
    public static double Feed(long bytes) => 1 + (bytes / Kilobyte * PerLoadedKilobyte);

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
