using System.Net;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Linq;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.Tests.CosmosDouble;

public sealed class QueryTests
{
    private static readonly PartitionKey Anna = new("anna");

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.number = 3", 1)]
    [InlineData("SELECT * FROM c WHERE c.number != 3", 9)]
    [InlineData("SELECT * FROM c WHERE c.number < 3 OR c.number >= 8", 5)]
    [InlineData("SELECT * FROM c WHERE NOT (c.number > 2 AND c.number <= 5)", 7)]
    [InlineData("SELECT * FROM c WHERE c.number IN (1, 2, 77)", 2)]
    [InlineData("SELECT * FROM c WHERE c.number NOT IN (1, 2, 77)", 8)]
    [InlineData("SELECT * FROM c WHERE c.number BETWEEN 2 AND 4", 3)]
    [InlineData("SELECT * FROM c WHERE STARTSWITH(c.id, 'n-00')", 10)]
    [InlineData("SELECT * FROM c WHERE STARTSWITH(c[\"id\"], 'n-009')", 1)]
    [InlineData("SELECT * FROM c WHERE IS_DEFINED(c.absent)", 0)]
    [InlineData("SELECT * FROM c WHERE c.absent != 1", 0)]
    [InlineData("SELECT * FROM c WHERE c.number = '3'", 0)]
    [InlineData("SELECT * FROM items AS root WHERE ARRAY_CONTAINS(root.tags, 'x')", 0)]
    [InlineData("SELECT TOP 4 * FROM c", 4)]
    [InlineData("SELECT * FROM c ORDER BY c.number DESC OFFSET 7 LIMIT 10", 3)]
    public async Task A_filter_finds_what_it_says(string query, int rows)
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 10);
        await rig.PutAsync("berta", 3);

        var (found, _) = await CosmosRig.AllAsync(Query<Note>(rig, query));

        Assert.Equal(rows, found.Count);
    }

    [Fact]
    public async Task Parameters_are_taken_and_fields_are_named()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 10);
        var query = new QueryDefinition("SELECT c.id, c.number AS n FROM c WHERE ARRAY_CONTAINS(@ids, c.id) AND c.number > @least")
            .WithParameter("@ids", new[] { "n-001", "n-002", "n-003" })
            .WithParameter("@least", 1);

        var (rows, _) = await CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Dictionary<string, object>>(
            query, requestOptions: new QueryRequestOptions { PartitionKey = Anna }));

        Assert.Equal(["n-002", "n-003"], rows.Select(row => row["id"].ToString()));
        Assert.Equal(["2", "3"], rows.Select(row => row["n"].ToString()));
    }

    [Fact]
    public async Task A_count_and_single_values_come_as_values()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 10);

        var (count, _) = await CosmosRig.AllAsync(Query<int>(rig, "SELECT VALUE COUNT(1) FROM c WHERE c.number < 4"));
        var (values, _) = await CosmosRig.AllAsync(Query<int>(rig, "SELECT VALUE c.number FROM c WHERE c.number < 2"));

        Assert.Equal([4], count);
        Assert.Equal([0, 1], values);
    }

    [Fact]
    public async Task Pages_of_an_ordered_query_go_on_where_the_last_ended_whatever_is_written_meanwhile()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 10);
        var options = new QueryRequestOptions { PartitionKey = Anna, MaxItemCount = 3 };
        const string Query = "SELECT * FROM c ORDER BY c.number";
        var first = await rig.Items.GetItemQueryIterator<Note>(Query, requestOptions: options)
            .ReadNextAsync(TestContext.Current.CancellationToken);

        await rig.Items.UpsertItemAsync(
            new Note("before", "anna", "", -1), Anna, cancellationToken: TestContext.Current.CancellationToken);
        await rig.Items.DeleteItemAsync<Note>("n-001", Anna, cancellationToken: TestContext.Current.CancellationToken);
        var (rest, pages) = await CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Note>(Query, first.ContinuationToken, options));

        Assert.Equal([0, 1, 2], first.Select(note => note.Number));
        Assert.Equal(Enumerable.Range(3, 7), rest.Select(note => note.Number));
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Pages_without_an_order_go_by_creation()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 10);

        var (rows, pages) = await CosmosRig.AllAsync(rig.Items.GetItemQueryIterator<Note>(
            "SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = Anna, MaxItemCount = 4 }));

        Assert.Equal(Enumerable.Range(0, 10), rows.Select(note => note.Number));
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task Text_is_ordered_by_its_bytes()
    {
        await using var rig = await CosmosRig.StartAsync();
        foreach (var text in new[] { "\U0001F600", "\uFF5E", "b", "B", "ä" })
        {
            await rig.Items.CreateItemAsync(new Note($"id-{text}", "anna", text), Anna, cancellationToken: TestContext.Current.CancellationToken);
        }

        var (rows, _) = await CosmosRig.AllAsync(Query<Note>(rig, "SELECT * FROM c ORDER BY c.text"));

        Assert.Equal(["B", "b", "ä", "\uFF5E", "\U0001F600"], rows.Select(note => note.Text));
    }

    [Fact]
    public async Task Two_orders_need_a_composite_index()
    {
        var indexed = new ContainerProperties("items", "/tenant");
        indexed.IndexingPolicy.CompositeIndexes.Add(
        [
            new CompositePath { Path = "/text", Order = CompositePathSortOrder.Ascending },
            new CompositePath { Path = "/number", Order = CompositePathSortOrder.Descending },
        ]);
        await using var rig = await CosmosRig.StartAsync(items: indexed);
        await rig.PutAsync("anna", 3);

        var (rows, _) = await CosmosRig.AllAsync(Query<Note>(rig, "SELECT * FROM c ORDER BY c.text DESC, c.number ASC"));

        Assert.Equal([0, 1, 2], rows.Select(note => note.Number));
        await PointTests.RefusedAsync(
            HttpStatusCode.BadRequest,
            () => CosmosRig.AllAsync(Query<Note>(rig, "SELECT * FROM c ORDER BY c.text ASC, c.number ASC")));
    }

    [Fact]
    public async Task An_order_by_what_is_not_indexed_is_refused_and_a_filter_costs_a_scan()
    {
        var indexed = new ContainerProperties("items", "/tenant");
        indexed.IndexingPolicy.IncludedPaths.Add(new IncludedPath { Path = "/number/?" });
        indexed.IndexingPolicy.ExcludedPaths.Add(new ExcludedPath { Path = "/*" });
        await using var rig = await CosmosRig.StartAsync(items: indexed);
        await rig.PutAsync("anna", 100, new string('x', 2_000));

        var cheap = await Query<Note>(rig, "SELECT * FROM c WHERE c.number = 7").ReadNextAsync(TestContext.Current.CancellationToken);
        var dear = await Query<Note>(rig, "SELECT * FROM c WHERE c.text = 'none'").ReadNextAsync(TestContext.Current.CancellationToken);

        Assert.True(cheap.RequestCharge < 6);
        Assert.True(dear.RequestCharge > cheap.RequestCharge + 1.5);
        await PointTests.RefusedAsync(
            HttpStatusCode.BadRequest, () => CosmosRig.AllAsync(Query<Note>(rig, "SELECT * FROM c ORDER BY c.text")));
    }

    [Theory]
    [InlineData("SELECT c.a + 1 AS b FROM c")]
    [InlineData("SELECT * FROM c WHERE UPPER(c.text) = 'A'")]
    [InlineData("SELECT DISTINCT c.text FROM c")]
    [InlineData("SELECT * FROM c JOIN t IN c.tags")]
    [InlineData("SELECT SUM(c.number) FROM c")]
    [InlineData("SELECT * FROM c WHERE c.text LIKE 'a%'")]
    [InlineData("SELECT * FROM c WHERE c.number = @missing")]
    public async Task What_the_double_does_not_know_is_refused_with_a_word(string query)
    {
        await using var rig = await CosmosRig.StartAsync();

        var refused = await PointTests.RefusedAsync(HttpStatusCode.BadRequest, () => CosmosRig.AllAsync(Query<Note>(rig, query)));

        Assert.Contains("The double does not know", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linq_speaks_the_same_language()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 10);

        var (rows, _) = await CosmosRig.AllAsync(rig.Items
            .GetItemLinqQueryable<Note>(requestOptions: new QueryRequestOptions { PartitionKey = Anna })
            .Where(note => note.Number > 4 && note.Number < 8)
            .OrderByDescending(note => note.Number)
            .ToFeedIterator());

        Assert.Equal([7, 6, 5], rows.Select(note => note.Number));
        Assert.Equal(1, rig.Server.Requests.Count(RequestKind.Query));
    }

    internal static FeedIterator<T> Query<T>(CosmosRig rig, string query) =>
        rig.Items.GetItemQueryIterator<T>(query, requestOptions: new QueryRequestOptions { PartitionKey = Anna });
}
