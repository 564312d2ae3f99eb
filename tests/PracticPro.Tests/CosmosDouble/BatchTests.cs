using System.Net;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Tests.CosmosDouble;

public sealed class BatchTests
{
    private static readonly PartitionKey Anna = new("anna");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_of_every_kind_is_carried_out_in_order()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 3);

        using var answer = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("new", "anna", "1"))
            .ReadItem("new")
            .ReplaceItem("n-000", new Note("n-000", "anna", "replaced"))
            .UpsertItem(new Note("n-001", "anna", "upserted"))
            .PatchItem("n-001", [PatchOperation.Set("/text", "patched")])
            .DeleteItem("n-002")
            .ExecuteAsync(Cancellation);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal([201, 200, 200, 200, 200, 204], answer.Select(result => (int)result.StatusCode));
        Assert.Equal("1", answer.GetOperationResultAtIndex<Note>(1).Resource.Text);
        Assert.Equal("patched", (await rig.Items.ReadItemAsync<Note>("n-001", Anna, cancellationToken: Cancellation)).Resource.Text);
        await PointTests.RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>("n-002", Anna));
    }

    [Fact]
    public async Task A_batch_with_one_failure_does_nothing()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 1);

        using var answer = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("new", "anna", "1"))
            .CreateItem(new Note("n-000", "anna", "there already"))
            .DeleteItem("n-000")
            .ExecuteAsync(Cancellation);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal([424, 409, 424], answer.Select(result => (int)result.StatusCode));
        await PointTests.RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>("new", Anna));
        Assert.NotNull((await rig.Items.ReadItemAsync<Note>("n-000", Anna, cancellationToken: Cancellation)).Resource);
    }

    [Fact]
    public async Task A_condition_in_a_batch_is_heard()
    {
        await using var rig = await CosmosRig.StartAsync();
        var first = await rig.Items.CreateItemAsync(new Note("a", "anna", "1"), Anna, cancellationToken: Cancellation);
        await rig.Items.UpsertItemAsync(new Note("a", "anna", "2"), Anna, cancellationToken: Cancellation);

        using var answer = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("b", "anna", "1"))
            .ReplaceItem("a", new Note("a", "anna", "3"), new TransactionalBatchItemRequestOptions { IfMatchEtag = first.ETag })
            .ExecuteAsync(Cancellation);

        Assert.Equal([424, 412], answer.Select(result => (int)result.StatusCode));
    }

    [Fact]
    public async Task A_batch_has_at_most_a_hundred_operations()
    {
        await using var rig = await CosmosRig.StartAsync();
        var batch = rig.Items.CreateTransactionalBatch(Anna);
        for (var number = 0; number <= 100; number++)
        {
            batch.CreateItem(new Note($"n-{number}", "anna", ""));
        }

        using var answer = await batch.ExecuteAsync(Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_batch_of_large_items_goes_through_up_to_two_megabytes()
    {
        await using var rig = await CosmosRig.StartAsync();

        using var answer = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("a", "anna", new string('a', 900_000)))
            .CreateItem(new Note("b", "anna", new string('b', 900_000)))
            .ExecuteAsync(Cancellation);
        using var larger = await rig.Items.CreateTransactionalBatch(Anna)
            .CreateItem(new Note("c", "anna", new string('a', 1_100_000)))
            .CreateItem(new Note("d", "anna", new string('b', 1_100_000)))
            .ExecuteAsync(Cancellation);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, larger.StatusCode);
    }
}
