using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;
using PracticPro.Cli;
using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Wire;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Tests.Storage.Drivers;

namespace PracticPro.Tests.Backup;

/// <summary>
/// An account that was restored by point-in-time restore is another account with the records of the first. Here: a double
/// that begins with a copy of another's journal, at another address.
/// </summary>
[Trait("Promise", "OPS-1")]
public sealed class RestoredAccountTests : IAsyncLifetime
{
    private static readonly TenantId[] Tenants = [TenantId.Parse("practice-one"), TenantId.Parse("practice-two")];
    private static readonly DocumentKind Kind = DocumentKind.Of("token");
    private readonly DirectoryInfo work = Directory.CreateTempSubdirectory("restored-account-");
    private readonly CosmosStore live;
    private readonly CosmosStore copy;

    public RestoredAccountTests() =>
        (live, copy) = (new CosmosStore { Folder = Path.Combine(work.FullName, "live") }, new CosmosStore { Folder = Path.Combine(work.FullName, "copy") });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Ledger => Path.Combine(work.FullName, "erasures.jsonl");

    /// <summary>Two practices; the copy is of the moment before both erased one document and a third one appeared.</summary>
    public async ValueTask InitializeAsync()
    {
        await live.OpenCleanAsync();
        foreach (var tenant in Tenants)
        {
            await CommitAsync(tenant, [Put("kept"), Put("early"), Put("late")]);
            await CommitAsync(tenant, ErasureLedger.Compose(live.Clock, [Kind.Key("early")]));
        }

        Restore();
        await copy.StartAsync();
        foreach (var tenant in Tenants)
        {
            await CommitAsync(tenant, ErasureLedger.Compose(live.Clock, [Kind.Key("late")]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await copy.DisposeAsync();
        await live.DisposeAsync();
        work.Delete(recursive: true);
    }

    [Fact]
    public async Task A_restored_copy_is_refused_at_the_start_in_words_that_say_what_to_do()
    {
        var told = await RefusedAsync();

        Assert.Contains("restored copy of another account", told, StringComparison.Ordinal);
        Assert.Contains("restore release --erasures", told, StringComparison.Ordinal);
        await RefusedAsync();
    }

    [Fact]
    public async Task A_released_copy_opens_without_what_was_erased_since_and_with_all_else()
    {
        await WriteLedgerAsync(live);

        var said = await ReleaseAsync();

        Assert.Equal((ExitCodes.Done, "Released: 2 practices, 2 documents erased again."), said);
        await OpensAsync();
        Assert.Equal(await ItemsAsync(live), await ItemsAsync(copy));
        Assert.DoesNotContain(await ItemsAsync(copy), static item => item.Contains("token:late", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Done, (await ReleaseAsync()).Code);
    }

    [Theory]
    [InlineData(RequestKind.Batch, 0)]
    [InlineData(RequestKind.Batch, 1)]
    [InlineData(RequestKind.Point, 0)]
    public async Task A_release_that_ended_between_two_steps_leaves_the_copy_shut_and_goes_on(object step, int skip)
    {
        await WriteLedgerAsync(live);

        // Of single items, the release writes only the one that says whose the account is.
        var before = new FaultMatch((RequestKind)step, "POST", (RequestKind)step == RequestKind.Point ? """["account"]""" : null);
        var rule = copy.Server.Faults.Add(before, Fault.Status(503), skip, times: 1000);
        await Assert.ThrowsAsync<StorageUnavailableException>(ReleaseAsync);
        Assert.True(rule.Fired > 0);
        copy.Server.Faults.Clear();
        await RefusedAsync();

        Assert.Equal(ExitCodes.Done, (await ReleaseAsync()).Code);

        await OpensAsync();
        Assert.Equal(await ItemsAsync(live), await ItemsAsync(copy));
    }

    [Fact]
    public async Task The_original_account_is_never_refused()
    {
        await live.ReopenAsync();
        await WriteLedgerAsync(live);
        await ReleaseAsync();
        await live.ReopenAsync();
        await live.OpenAnotherAsync();

        using var output = new StringWriter();
        var code = await ReleaseVerb.RunAsync(Call(output, ""), live.Opened, live.Clock, new(Ledger, false, true), Cancellation);
        Assert.Equal((ExitCodes.Done, "This account is released, or was never a copy. Nothing was done."), (code, output.ToString().TrimEnd()));
    }

    [Fact]
    public async Task Records_that_do_not_say_whose_they_are_are_taken_for_a_copy()
    {
        using (var account = copy.OpenAccount())
        {
            using var deleted = await account.Fleet.DeleteItemStreamAsync("account", new PartitionKey("account"), null, Cancellation);
            Assert.True(deleted.IsSuccessStatusCode);
        }

        Assert.Contains("nothing says of which account", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_may_lack_erasures_is_refused_and_the_copy_stays_shut()
    {
        Assert.Contains("cannot be read", (await ReleaseAsync()).Said, StringComparison.Ordinal);

        await WriteLedgerAsync(live);
        var lines = await File.ReadAllLinesAsync(Ledger, Cancellation);
        await File.WriteAllLinesAsync(Ledger, lines[..^1], Cancellation);
        Assert.Contains("cut short", (await ReleaseAsync()).Said, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(Ledger, lines[1..], Cancellation);
        Assert.Contains("cannot be read", (await ReleaseAsync()).Said, StringComparison.Ordinal);

        await File.WriteAllLinesAsync(Ledger, [.. lines[..^1], lines[^1].Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal)], Cancellation);
        Assert.Contains("not of the account", (await ReleaseAsync()).Said, StringComparison.Ordinal);

        await File.WriteAllLinesAsync(Ledger, lines, Cancellation);
        copy.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Contains("within the last day", (await ReleaseAsync()).Said, StringComparison.Ordinal);
        await RefusedAsync();
    }

    [Fact]
    public async Task The_copy_s_own_ledger_counts_only_where_the_original_is_said_to_be_lost()
    {
        await using (var opened = copy.Make(copy.Options))
        {
            await using var file = File.CreateText(Ledger);
            await BackupVerb.WriteErasuresAsync(file, opened, copy.Clock, Cancellation);
        }

        Assert.Contains("--newest", (await ReleaseAsync()).Said, StringComparison.Ordinal);
        await RefusedAsync();
        Assert.Equal(ExitCodes.Done, (await ReleaseAsync(isNewest: true)).Code);
        await OpensAsync();
    }

    [Fact]
    public async Task Without_yes_it_asks_and_no_answer_is_no()
    {
        await WriteLedgerAsync(live);
        await using var opened = copy.Make(copy.Options);

        var code = await ReleaseVerb.RunAsync(
            Call(TextWriter.Null, "n\n"), opened, copy.Clock, new(Ledger, IsNewest: false, Yes: false), Cancellation);

        Assert.Equal(ExitCodes.Failed, code);
        await RefusedAsync();
    }

    [Theory]
    [InlineData("https://practice.documents.azure.com:443/", "practice", "practice.documents.azure.com")]
    [InlineData("https://Practice-WestEurope.documents.azure.com/", "practice", "practice.documents.azure.com")]
    [InlineData("https://practice-restored.documents.azure.com/", "practice-restored", "practice-restored.documents.azure.com")]
    [InlineData("https://127.0.0.1:8081/", "127", "127.0.0.1:8081")]
    public void A_regional_address_is_the_same_account_and_another_name_is_not(string endpoint, string name, string host) =>
        Assert.Equal(host, AccountOrigin.HostOf(new Uri(endpoint), name));

    private static Operation.Put Put(string id) => new(new Document(Kind.Key(id), new byte[20]), Condition.Any);

    private static CliCall Call(TextWriter said, string input) => new([], new StringReader(input), said, said);

    private async Task CommitAsync(TenantId tenant, IEnumerable<Operation> operations) => Assert.IsType<CommitOutcome.Committed>(
        await live.Storage.For(tenant).Documents.CommitAsync(new Batch([.. operations]), Cancellation));

    private void Restore()
    {
        Directory.CreateDirectory(copy.Folder!);
        using var from = new FileStream(
            Path.Combine(live.Folder!, "journal.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var to = File.Create(Path.Combine(copy.Folder!, "journal.jsonl"));
        from.CopyTo(to);
    }

    private async Task WriteLedgerAsync(CosmosStore of)
    {
        await using var file = File.CreateText(Ledger);
        await BackupVerb.WriteErasuresAsync(file, of.Opened, of.Clock, Cancellation);
    }

    private Task<(int Code, string Said)> ReleaseAsync() => ReleaseAsync(isNewest: false);

    private async Task<(int Code, string Said)> ReleaseAsync(bool isNewest)
    {
        await using var opened = copy.Make(copy.Options);
        await opened.VerifyCopyAsync(Cancellation);
        using var said = new StringWriter();
        var code = await ReleaseVerb.RunAsync(Call(said, ""), opened, copy.Clock, new(Ledger, isNewest, Yes: true), Cancellation);
        return (code, said.ToString().TrimEnd());
    }

    private async Task<string> RefusedAsync()
    {
        await using var opened = copy.Make(copy.Options);
        return (await Assert.ThrowsAsync<CosmosLayoutException>(() => opened.VerifyAsync(Cancellation))).Message;
    }

    private async Task OpensAsync()
    {
        await using var opened = copy.Make(copy.Options);
        await opened.VerifyAsync(Cancellation);
    }

    /// <summary>Every record and every entry of the fleet as stored, but for what the service and each write add.</summary>
    private static async Task<List<string>> ItemsAsync(CosmosStore store)
    {
        var items = new List<string>();
        using var account = store.OpenAccount();
        foreach (var container in new[] { account.Records(HomeName.Shared), account.Fleet })
        {
            using var pages = container.GetItemQueryStreamIterator("SELECT * FROM c");
            while (pages.HasMoreResults)
            {
                using var page = await pages.ReadNextAsync(Cancellation);
                page.EnsureSuccessStatusCode();
                var rows = JsonNode.Parse(page.Content)!["Documents"]!.AsArray();
                items.AddRange(rows.Select(static row => row!.AsObject()).Where(static row => row["id"]!.GetValue<string>() != "account").Select(Plain));
            }
        }

        items.Sort(StringComparer.Ordinal);
        return items;
    }

    private static string Plain(JsonObject item)
    {
        foreach (var name in item.Select(static one => one.Key).Where(static name => name is "w" or "c" || name.StartsWith('_')).ToList())
        {
            item.Remove(name);
        }

        return item.ToJsonString();
    }
}
