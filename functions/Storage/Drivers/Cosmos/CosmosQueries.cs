using System.Collections.Immutable;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// The text of every query, so that a test can hold them and the indexing policy together: what is filtered or ordered by
/// is indexed, and nothing else is. Values are parameters; names in a text are the program's own.
/// </summary>
internal static class CosmosQueries
{
    public const string Tenants = "SELECT * FROM c ORDER BY c.id";
    public const string FeedLeases = "SELECT * FROM c";
    public const string ItemsInOrder = "SELECT * FROM c ORDER BY c.id";
    public const string ItemsBetween = "SELECT * FROM c WHERE c.id > @start AND c.id < @end ORDER BY c.id";
    public const string ItemsNamed = "SELECT * FROM c WHERE ARRAY_CONTAINS(@names, c.id)";
    public const string LogFrom = "SELECT * FROM c WHERE c.l >= @from AND c.l < @end ORDER BY c.l";
    public const string LogLast = "SELECT * FROM c WHERE c.l >= @from AND c.l < @end ORDER BY c.l DESC";
    public const string Messages = "SELECT * FROM c WHERE c.q >= @from AND c.q < @end ORDER BY c.q";
    public const string CountMessages = "SELECT VALUE COUNT(1) FROM c WHERE c.q >= @from AND c.q < @end";
    public const string CountMessagesOfTwo =
        "SELECT VALUE COUNT(1) FROM c WHERE (c.q >= @from AND c.q < @end) OR (c.q >= @from2 AND c.q < @end2)";

    public const string MessagesSetLater = "SELECT * FROM c WHERE c.set > @now";

    public static ImmutableArray<string> OfRecords =>
    [
        ItemsInOrder, ItemsBetween, ItemsNamed, LogFrom, LogLast, Messages, CountMessages, CountMessagesOfTwo, MessagesSetLater,
        ListUp("name"), ListDown("name"),
    ];

    public static ImmutableArray<string> OfFleet => [Tenants, FeedLeases];

    /// <param name="index">Lower-case words with hyphens: nothing in it ends the text.</param>
    public static string ListUp(string index) =>
        $"SELECT * FROM c WHERE {Path(index)} > @start AND {Path(index)} < @end ORDER BY {Path(index)}";

    /// <inheritdoc cref="ListUp" path="/param"/>
    public static string ListDown(string index) =>
        $"SELECT * FROM c WHERE {Path(index)} < @start AND {Path(index)} >= @end ORDER BY {Path(index)} DESC";

    private static string Path(string index) => $"c.x[\"{index}\"]";
}
