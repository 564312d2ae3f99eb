using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble;

namespace PracticPro.Tests.CosmosDouble;

public sealed class JournalTests : IDisposable
{
    private static readonly PartitionKey Anna = new("anna");
    private readonly string folder = Directory.CreateTempSubdirectory("cosmos-journal-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        string etag;
        await using (var rig = await StartAsync())
        {
            await rig.PutAsync("anna", 3);
            await rig.Items.DeleteItemAsync<Note>("n-001", Anna, cancellationToken: Cancellation);
            using var batch = await rig.Items.CreateTransactionalBatch(Anna)
                .CreateItem(new Note("in-batch", "anna", "ä"))
                .ExecuteAsync(Cancellation);
            rig.Server.Split("practice", "items", "0");
            etag = (await rig.Items.ReadItemAsync<Note>("n-002", Anna, cancellationToken: Cancellation)).ETag;
        }

        await using var again = await StartAsync();

        var (rows, _) = await CosmosRig.AllAsync(again.Items.GetItemQueryIterator<Note>("SELECT * FROM c"));
        Assert.Equal(["n-000", "n-002", "in-batch"], rows.Select(note => note.Id));
        Assert.Equal(etag, (await again.Items.ReadItemAsync<Note>("n-002", Anna, cancellationToken: Cancellation)).ETag);
        Assert.Equal(["1", "2"], again.Server.Ranges("practice", "items"));
        await again.PutAsync("anna", 5);
    }

    [Fact]
    public async Task A_torn_last_line_is_dropped_and_the_rest_stands()
    {
        await using (var rig = await StartAsync())
        {
            await rig.PutAsync("anna", 3);
        }

        var path = Path.Combine(folder, "journal.jsonl");
        await using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length - 7);
        }

        await using (var torn = await StartAsync())
        {
            Assert.Equal(["n-000", "n-001"], await IdsAsync(torn));
            await torn.PutAsync("anna", 4);
        }

        await using var again = await StartAsync();
        Assert.Equal(["n-000", "n-001", "n-002", "n-003"], await IdsAsync(again));
    }

    [Fact]
    public async Task A_line_that_is_broken_in_the_middle_is_not_passed_over()
    {
        await using (var rig = await StartAsync())
        {
            await rig.PutAsync("anna", 1);
        }

        await File.AppendAllTextAsync(Path.Combine(folder, "journal.jsonl"), "{\"items\n", Cancellation);

        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => CosmosServer.StartAsync(
            new CosmosServerOptions { Identity = folder, Folder = folder }, TimeProvider.System, Cancellation));
    }

    [Fact]
    public async Task A_write_behind_the_end_of_its_container_is_passed_over()
    {
        var path = Path.Combine(folder, "journal.jsonl");
        await using (var rig = await StartAsync())
        {
            await rig.PutAsync("anna", 1);
            await rig.Items.DeleteContainerAsync(cancellationToken: Cancellation);
        }

        var written = (await File.ReadAllLinesAsync(path, Cancellation)).Single(line => line.Contains("n-000", StringComparison.Ordinal));
        await File.AppendAllTextAsync(path, written + "\n", Cancellation);

        await using var again = await StartAsync();
        Assert.Empty(await IdsAsync(again));
    }

    [Fact]
    public async Task What_a_killed_process_answered_for_is_there_when_it_starts_again()
    {
        using var trust = new DoubleProcess(folder);
        await trust.StartAsync(Cancellation);
        using (var client = trust.Connect())
        {
            var database = (await client.CreateDatabaseAsync("practice", cancellationToken: Cancellation)).Database;
            var items = (await database.CreateContainerAsync("items", "/tenant", cancellationToken: Cancellation)).Container;
            for (var number = 0; number < 20; number++)
            {
                await items.CreateItemAsync(new Note($"n-{number:000}", "anna", "", number), Anna, cancellationToken: Cancellation);
            }
        }

        trust.Kill();
        await trust.StartAsync(Cancellation);

        using var again = trust.Connect();
        var (rows, _) = await CosmosRig.AllAsync(again.GetContainer("practice", "items").GetItemQueryIterator<Note>("SELECT * FROM c"));
        Assert.Equal(Enumerable.Range(0, 20), rows.Select(note => note.Number));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<CosmosRig> StartAsync() => CosmosRig.StartAsync(with: options => options with { Folder = folder });

    private static async Task<List<string>> IdsAsync(CosmosRig rig) =>
        [.. (await CosmosRig.AllAsync(QueryTests.Query<Note>(rig, "SELECT * FROM c"))).Rows.Select(note => note.Id)];
}
