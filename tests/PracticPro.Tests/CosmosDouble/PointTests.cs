using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.Tests.CosmosDouble;

public sealed class PointTests
{
    private static readonly PartitionKey Anna = new("anna");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_created_is_read_back()
    {
        await using var rig = await CosmosRig.StartAsync();

        var created = await rig.Items.CreateItemAsync(new Note("a", "anna", "hello"), Anna, cancellationToken: Cancellation);
        var read = await rig.Items.ReadItemAsync<Note>("a", Anna, cancellationToken: Cancellation);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(new Note("a", "anna", "hello"), read.Resource);
        Assert.Equal(created.ETag, read.ETag);
        Assert.Matches("^\".+\"$", read.ETag);
    }

    [Theory]
    [InlineData("a.b..c")]
    [InlineData("with space, + & % = ä \u2603")]
    [InlineData("_double")]
    public async Task Any_id_that_is_allowed_names_its_item(string id)
    {
        await using var rig = await CosmosRig.StartAsync();

        await rig.Items.CreateItemAsync(new Note(id, "anna", ""), Anna, cancellationToken: Cancellation);
        await rig.Items.ReplaceItemAsync(new Note(id, "anna", "2"), id, Anna, cancellationToken: Cancellation);

        Assert.Equal("2", (await rig.Items.ReadItemAsync<Note>(id, Anna, cancellationToken: Cancellation)).Resource.Text);
    }

    [Fact]
    public async Task A_second_create_under_the_same_id_is_a_conflict()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 1);

        await RefusedAsync(HttpStatusCode.Conflict, () => rig.Items.CreateItemAsync(new Note("n-000", "anna", "again"), Anna));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using var rig = await CosmosRig.StartAsync();

        await RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>("none", Anna));
        await RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReplaceItemAsync(new Note("none", "anna", ""), "none", Anna));
        await RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.DeleteItemAsync<Note>("none", Anna));
    }

    [Fact]
    public async Task The_same_id_in_another_partition_is_another_item()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 1);

        await RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>("n-000", new PartitionKey("berta")));
    }

    [Fact]
    public async Task A_write_on_a_version_that_is_gone_is_refused()
    {
        await using var rig = await CosmosRig.StartAsync();
        var first = await rig.Items.CreateItemAsync(new Note("a", "anna", "1"), Anna, cancellationToken: Cancellation);
        var stale = new ItemRequestOptions { IfMatchEtag = first.ETag };

        var second = await rig.Items.ReplaceItemAsync(new Note("a", "anna", "2"), "a", Anna, stale, Cancellation);

        Assert.NotEqual(first.ETag, second.ETag);
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => rig.Items.ReplaceItemAsync(new Note("a", "anna", "3"), "a", Anna, stale));
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => rig.Items.UpsertItemAsync(new Note("a", "anna", "3"), Anna, stale));
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => rig.Items.DeleteItemAsync<Note>("a", Anna, stale));
        await RefusedAsync(
            HttpStatusCode.PreconditionFailed,
            () => rig.Items.PatchItemAsync<Note>("a", Anna, [PatchOperation.Set("/text", "3")], new PatchItemRequestOptions { IfMatchEtag = first.ETag }));
    }

    [Fact]
    public async Task A_version_that_is_known_is_not_sent_again()
    {
        await using var rig = await CosmosRig.StartAsync();
        var made = await rig.Items.CreateItemAsync(new Note("a", "anna", "1"), Anna, cancellationToken: Cancellation);

        using var answer = await rig.Items.ReadItemStreamAsync(
            "a", Anna, new ItemRequestOptions { IfNoneMatchEtag = made.ETag }, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_its_condition_is_heard()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.Items.CreateItemAsync(new Note("a", "anna", "1", 5, ["x"]), Anna, cancellationToken: Cancellation);

        var patched = await rig.Items.PatchItemAsync<Note>(
            "a",
            Anna,
            [PatchOperation.Increment("/number", 2), PatchOperation.Add("/tags/-", "y"), PatchOperation.Set("/text", "2")],
            new PatchItemRequestOptions { FilterPredicate = "from c where c.number = 5" },
            Cancellation);

        Assert.Equal(7, patched.Resource.Number);
        Assert.Equal(["x", "y"], patched.Resource.Tags!);
        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => rig.Items.PatchItemAsync<Note>(
            "a", Anna, [PatchOperation.Set("/text", "3")], new PatchItemRequestOptions { FilterPredicate = "from c where c.number = 5" }));
        await RefusedAsync(
            HttpStatusCode.BadRequest, () => rig.Items.PatchItemAsync<Note>("a", Anna, [PatchOperation.Replace("/absent", 1)]));
    }

    [Fact]
    public async Task A_write_answers_without_the_item_when_asked_so()
    {
        await using var rig = await CosmosRig.StartAsync();
        var quiet = new ItemRequestOptions { EnableContentResponseOnWrite = false };

        var answer = await rig.Items.UpsertItemAsync(new Note("a", "anna", "1"), Anna, quiet, Cancellation);

        Assert.Null(answer.Resource);
        Assert.NotNull(answer.ETag);
    }

    [Fact]
    public async Task An_item_whose_own_key_is_another_is_refused()
    {
        await using var rig = await CosmosRig.StartAsync();

        var refused = await RefusedAsync(HttpStatusCode.BadRequest, () => rig.Items.CreateItemAsync(new Note("a", "berta", ""), Anna));

        Assert.Equal(Refusal.KeysDiffer, refused.SubStatusCode);
    }

    [Fact]
    public async Task An_item_of_more_than_two_megabytes_is_too_large()
    {
        await using var rig = await CosmosRig.StartAsync();

        await RefusedAsync(
            HttpStatusCode.RequestEntityTooLarge,
            () => rig.Items.CreateItemAsync(new Note("a", "anna", new string('x', 2 * 1024 * 1024)), Anna));
    }

    [Fact]
    public async Task Ids_and_keys_beyond_their_lengths_are_refused()
    {
        await using var rig = await CosmosRig.StartAsync();
        var key = new string('k', 2100);

        await RefusedAsync(HttpStatusCode.BadRequest, () => rig.Items.CreateItemAsync(new Note(new string('i', 1024), "anna", ""), Anna));
        await RefusedAsync(HttpStatusCode.BadRequest, () => rig.Items.CreateItemAsync(new Note("a", key, ""), new PartitionKey(key)));
        await RefusedAsync(HttpStatusCode.BadRequest, () => rig.Items.CreateItemAsync(new Note("a/b", "anna", ""), Anna));
    }

    [Fact]
    public async Task A_whole_number_beyond_a_double_comes_back_rounded()
    {
        await using var rig = await CosmosRig.StartAsync();
        using var body = new MemoryStream(Encoding.UTF8.GetBytes("""{"id":"a","tenant":"anna","big":9007199254740993}"""));

        using var answer = await rig.Items.CreateItemStreamAsync(body, Anna, cancellationToken: Cancellation);

        using var reader = new StreamReader(answer.Content);
        Assert.Contains("9007199254740992", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_saw_more_than_there_is_is_told_so()
    {
        await using var rig = await CosmosRig.StartAsync();
        await rig.PutAsync("anna", 1);

        var refused = await RefusedAsync(HttpStatusCode.NotFound, () => rig.Items.ReadItemAsync<Note>(
            "n-000", Anna, new ItemRequestOptions { SessionToken = "0:-1#99" }));

        Assert.Equal(1002, refused.SubStatusCode);
    }

    [Fact]
    public async Task Unique_keys_hold_within_a_partition_only()
    {
        var unique = new ContainerProperties("items", "/tenant")
        {
            UniqueKeyPolicy = new UniqueKeyPolicy { UniqueKeys = { new UniqueKey { Paths = { "/text" } } } },
        };
        await using var rig = await CosmosRig.StartAsync(items: unique);
        await rig.Items.CreateItemAsync(new Note("a", "anna", "same"), Anna, cancellationToken: Cancellation);

        await rig.Items.CreateItemAsync(new Note("a", "berta", "same"), new PartitionKey("berta"), cancellationToken: Cancellation);
        await RefusedAsync(HttpStatusCode.Conflict, () => rig.Items.CreateItemAsync(new Note("b", "anna", "same"), Anna));
    }

    internal static async Task<CosmosException> RefusedAsync(HttpStatusCode status, Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<CosmosException>(act);
        Assert.Equal(status, refused.StatusCode);
        return refused;
    }
}
