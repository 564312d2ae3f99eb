using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>A tenant changes its home while it is at work.</summary>
[Trait("Promise", "ISO-2")]
public sealed class CosmosMoveTests : IAsyncLifetime
{
    private readonly CosmosStore store = new();
    private CosmosAccount? account;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HomeName Dedicated => account!.DedicatedHome(Changes.Tenant);

    public async ValueTask InitializeAsync()
    {
        await store.OpenCleanAsync();
        account = store.OpenAccount();
    }

    public async ValueTask DisposeAsync()
    {
        account?.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Every_record_is_in_the_new_home_and_none_in_the_old_and_back_again()
    {
        await FillAsync(20);
        var before = await RecordsAsync(HomeName.Shared);

        Assert.Equal(new MoveOutcome.Moved(2), await MoveAsync(HomeKind.Dedicated));
        Assert.Equal(before.Hash, (await RecordsAsync(Dedicated)).Hash);
        Assert.Equal(0, (await RecordsAsync(HomeName.Shared)).Count);
        Assert.Equal(new MoveOutcome.Moved(2), await MoveAsync(HomeKind.Dedicated));

        Assert.Equal(new MoveOutcome.Moved(3), await MoveAsync(HomeKind.Shared));
        Assert.Equal(before.Hash, (await RecordsAsync(HomeName.Shared)).Hash);
        Assert.Equal(0, (await RecordsAsync(Dedicated)).Count);
        Assert.True(before.Count >= 60);
        Assert.Equal(Enumerable.Range(0, 20), await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task A_walk_goes_on_in_the_new_home_where_it_was_in_the_old()
    {
        await FillAsync(20);
        var first = await store.Storage.For(Changes.Tenant).Documents.WalkAsync(null, 8, Cancellation);

        await MoveAsync(HomeKind.Dedicated);
        var rest = await store.Storage.For(Changes.Tenant).Documents.WalkAsync(first.Next, 50, Cancellation);

        Assert.Null(rest.Next);
        Assert.Equal(
            Enumerable.Range(0, 20).Select(static number => $"{number:D6}"),
            first.Items.Concat(rest.Items).Select(static stored => stored.Document.Key.Id));
    }

    [Theory]
    [InlineData("never")]
    [InlineData("Settled")]
    [InlineData("Settled to Copying")]
    [InlineData("Copying")]
    [InlineData("copied some")]
    [InlineData("Copying to Frozen")]
    [InlineData("Frozen")]
    [InlineData("shut")]
    [InlineData("caught up")]
    [InlineData("to compare")]
    [InlineData("Frozen to Opening")]
    [InlineData("Opening")]
    [InlineData("Opening to Purging")]
    [InlineData("Purging")]
    [InlineData("Purging to Settled")]
    public async Task A_move_under_load_that_dies_at_any_step_is_finished_by_another_and_keeps_every_record(string death)
    {
        await FillAsync(10);
        var other = await store.OpenAnotherAsync();
        using var enough = new CancellationTokenSource();
        var writers = new[] { store.Opened, other }
            .Select((storage, who) => Task.Run(() => WriteAsync(storage, 100 * (who + 1), enough.Token)))
            .ToList();
        store.Opened.Mover.BeforeStep = step =>
            step == death ? throw new KilledException() : Task.CompletedTask;
        var compared = 0;
        other.Mover.BeforeStep = async step =>
        {
            if (step == "Frozen to Opening")
            {
                compared = (await RecordsAsync(HomeName.Shared)).Count;
                Assert.Equal((await RecordsAsync(HomeName.Shared)).Hash, (await RecordsAsync(Dedicated)).Hash);
            }
        };

        var dies = Record.ExceptionAsync(() => store.Opened.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation));
        Assert.Equal(death == "never", await dies is null);
        Assert.IsType<MoveOutcome.Moved>(await other.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation));
        await enough.CancelAsync();
        var written = (await Task.WhenAll(writers)).Sum();

        var stored = await Changes.MustAgreeAsync(other);
        Assert.Equal(10 + written, stored.Count);
        Assert.Equal(stored, await Changes.MustAgreeAsync(store.Storage));
        Assert.Equal(0, (await RecordsAsync(HomeName.Shared)).Count);
        Assert.True((await RecordsAsync(Dedicated)).Count >= compared);
    }

    [Fact]
    public async Task A_move_that_cannot_go_on_does_not_hold_up_another()
    {
        TenantId[] tenants = [TenantId.Parse("first"), TenantId.Parse("second")];
        store.Opened.Mover.BeforeStep = static step => step == "Frozen" ? throw new KilledException() : Task.CompletedTask;
        foreach (var tenant in tenants)
        {
            await store.Storage.For(tenant).Documents.CommitAsync(Changes.Make(1), Cancellation);
            await Assert.ThrowsAsync<KilledException>(
                () => store.Opened.Mover.RunAsync(tenant, HomeKind.Dedicated, Cancellation));
        }

        var other = await store.OpenAnotherAsync();
        var troubles = 0;
        other.Mover.BeforeStep = _ => troubles++ == 0 ? throw new KilledException() : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(() => other.Mover.ResumeAsync(onlyStale: false, Cancellation));
        other.Mover.BeforeStep = null;

        Assert.IsType<CommitOutcome.Committed>(
            await other.For(tenants[1]).Documents.CommitAsync(Changes.Make(2), Cancellation));
    }

    [Fact]
    public async Task Two_movers_at_once_end_in_one_move()
    {
        await FillAsync(20);
        var before = await RecordsAsync(HomeName.Shared);
        var other = await store.OpenAnotherAsync();

        var outcomes = await Task.WhenAll(
            Task.Run(() => MoveAsync(HomeKind.Dedicated)),
            Task.Run(() => other.Mover.RunAsync(Changes.Tenant, HomeKind.Dedicated, Cancellation)));

        Assert.All(outcomes, static outcome => Assert.Equal(new MoveOutcome.Moved(2), outcome));
        Assert.Equal(before.Hash, (await RecordsAsync(Dedicated)).Hash);
        Assert.Equal(0, (await RecordsAsync(HomeName.Shared)).Count);
    }

    [Fact]
    public async Task A_copy_that_does_not_become_equal_is_given_up_and_nothing_is_lost()
    {
        await FillAsync(10);
        var before = await RecordsAsync(HomeName.Shared);
        store.Opened.Mover.BeforeStep = async step =>
        {
            if (step == "to compare")
            {
                await account!.Records(Dedicated).DeleteItemStreamAsync(
                    "d:change:000004", new PartitionKey(Changes.Tenant.Text), cancellationToken: Cancellation);
            }
        };

        Assert.IsType<MoveOutcome.Returned>(await MoveAsync(HomeKind.Dedicated));

        Assert.Equal(before.Hash, (await RecordsAsync(HomeName.Shared)).Hash);
        Assert.Equal(0, (await RecordsAsync(Dedicated)).Count);
        await Changes.CommitAsync(store.Storage, 10);
        Assert.Equal(Enumerable.Range(0, 11), await Changes.MustAgreeAsync(store.Storage));
    }

    [Fact]
    public async Task Whoever_still_believes_in_the_old_home_writes_to_the_new_one()
    {
        var late = store.Make(store.Options with { PlacementLifetime = TimeSpan.FromMinutes(10) });
        store.Keep(late);
        await Changes.CommitAsync(late, 0);
        await MoveAsync(HomeKind.Dedicated);

        Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(late, 1));

        Assert.Equal([0, 1], await Changes.MustAgreeAsync(store.Storage));
        Assert.Equal(0, (await RecordsAsync(HomeName.Shared)).Count);
    }

    [Fact]
    public async Task A_tenant_that_never_wrote_has_nothing_to_move() =>
        Assert.IsType<MoveOutcome.Unknown>(await MoveAsync(HomeKind.Dedicated));

    [Fact]
    public async Task A_tenant_without_its_gate_takes_no_writes_and_says_so()
    {
        await Changes.CommitAsync(store.Storage, 0);
        await account!.Records(HomeName.Shared).DeleteItemStreamAsync(
            "g:1", new PartitionKey(Changes.Tenant.Text), cancellationToken: Cancellation);

        await Assert.ThrowsAsync<StorageCorruptException>(() => Changes.CommitAsync(store.Storage, 1));
        Assert.Equal(1, await store.Storage.For(Changes.Tenant).Logs.CountAsync(new LogName("changes"), Cancellation));
    }

    private static async Task<int> WriteAsync(CosmosStorage storage, int first, CancellationToken enough)
    {
        var written = 0;
        while (!enough.IsCancellationRequested && written < 90)
        {
            Assert.IsType<CommitOutcome.Committed>(await Changes.CommitAsync(storage, first + written));
            written++;
        }

        return written;
    }

    private Task<MoveOutcome> MoveAsync(HomeKind kind) => store.Opened.Mover.RunAsync(Changes.Tenant, kind, Cancellation);

    private async Task FillAsync(int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Changes.CommitAsync(store.Storage, number);
        }
    }

    /// <summary>How many records a home holds of the tenant, and a hash over all of them: the test's own, not the mover's.</summary>
    private async Task<(int Count, string Hash)> RecordsAsync(HomeName home)
    {
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var pages = account!.Records(home).GetItemQueryStreamIterator(
            "SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(Changes.Tenant.Text) });
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(Cancellation);
            if (page.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                break;
            }

            page.EnsureSuccessStatusCode();
            using var rows = await JsonDocument.ParseAsync(page.Content, default, Cancellation);
            foreach (var row in rows.RootElement.GetProperty("Documents").EnumerateArray())
            {
                var own = row.EnumerateObject().Where(static one => !one.Name.StartsWith('_'))
                    .OrderBy(static one => one.Name, StringComparer.Ordinal)
                    .Select(static one => KeyValuePair.Create(one.Name, JsonNode.Parse(one.Value.GetRawText())));
                var id = row.GetProperty("id").GetString()!;
                if (!id.StartsWith("g:", StringComparison.Ordinal))
                {
                    records.Add(id, new JsonObject(own).ToJsonString());
                }
            }
        }

        var all = Encoding.UTF8.GetBytes(string.Join('\n', records.Values));
        return (records.Count, Convert.ToHexStringLower(SHA256.HashData(all)));
    }

    private sealed class KilledException : Exception;
}
