using System.Text.RegularExpressions;
using Microsoft.Azure.Cosmos;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Tests.Storage.Drivers;

public sealed partial class CosmosLayoutTests
{
    [Fact]
    public void What_queries_order_or_filter_by_is_indexed_and_nothing_else_is()
    {
        Assert.Equal(CosmosLayout.RecordPaths.Order(), PathsOf(CosmosQueries.OfRecords));
        Assert.Equal(CosmosLayout.FleetPaths.Order(), PathsOf(CosmosQueries.OfFleet));
    }

    [Fact]
    public void A_container_that_indexes_all_or_is_partitioned_otherwise_is_refused_in_words()
    {
        var found = new ContainerProperties(CosmosLayout.Records, "/id");

        var findings = CosmosLayout.Differences(found, CosmosLayout.RecordsContainer()).ToList();

        Assert.Equal(3, findings.Count);
        Assert.Contains("partitioned by /id and must be by /tenant", findings[0], StringComparison.Ordinal);
        Assert.Contains("time to live", findings[1], StringComparison.Ordinal);
        Assert.Contains("must index /id/?, /l/?", findings[2], StringComparison.Ordinal);
        Assert.Empty(CosmosLayout.Differences(CosmosLayout.RecordsContainer(), CosmosLayout.RecordsContainer()));
    }

    [Fact]
    public void Options_say_all_that_is_wrong_with_them()
    {
        Assert.Empty(new CosmosOptions().Errors());
        Assert.Empty(new CosmosOptions { Endpoint = "https://name.documents.azure.com" }.Errors());
        var wrong = new CosmosOptions
        {
            Endpoint = "https://127.0.0.1:1",
            Direct = true,
            Database = "",
            Patience = TimeSpan.Zero,
        };
        Assert.Equal(3, wrong.Errors().Count());
    }

    private static IEnumerable<string> PathsOf(IEnumerable<string> queries) => queries
        .SelectMany(query => Asked().Matches(query))
        .Select(static match => match.Groups["x"].Success ? "/x/*" : $"/{match.Groups["name"].Value}/?")
        .Distinct()
        .Order();

    [GeneratedRegex("""c\.(?:(?<x>x\[)|(?<name>\w+))""")]
    private static partial Regex Asked();
}
