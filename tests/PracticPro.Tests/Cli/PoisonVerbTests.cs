using PracticPro.Cli;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Cli;

public sealed class PoisonVerbTests : IDisposable
{
    private readonly Shell shell = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task What_was_given_up_is_shown_by_owner_and_put_back()
    {
        var tenant = await shell.PracticeAsync();
        await PoisonAsync(TenantId.Parse(tenant));

        var listed = await shell.CallAsync("", "poison", "list");
        var replayed = await shell.CallAsync("", "poison", "replay", "--tenant", tenant);
        var after = await shell.CallAsync("", "poison", "list", "--tenant", tenant);

        Assert.Equal((ExitCodes.Done, $"{tenant}\tworkflow-orders\t1"), (listed.ExitCode, listed.Output));
        Assert.Equal((ExitCodes.Done, $"{tenant}\tworkflow-orders\t1"), (replayed.ExitCode, replayed.Output));
        Assert.Equal((ExitCodes.Done, ""), (after.ExitCode, after.Output));
    }

    [Fact]
    public async Task An_unknown_practice_is_refused_and_not_made()
    {
        await shell.PracticeAsync();

        var said = await shell.CallAsync("", "poison", "replay", "--tenant", "t-somebody-else");
        var nonsense = await shell.CallAsync("", "poison", "list", "--tenant", "../x");

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Equal(ExitCodes.Usage, nonsense.ExitCode);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(shell.DataFolder, "tenants"), "*.db"));
    }

    private async Task PoisonAsync(TenantId tenant)
    {
        var clock = new FakeClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));
        await using var storage = SqliteStorage.Open(new EmbeddedStorageOptions { Folder = shell.DataFolder }, clock);
        await storage.For(tenant).Documents.CommitAsync(
            new Batch([new Operation.Enqueue(WorkflowOutbox.Queue, new QueueMessage("{}"u8.ToArray()))]), Cancellation);
        for (var delivery = 0; delivery < IQueue.MaximumDeliveries; delivery++)
        {
            await storage.For(tenant).Queue.ReceiveAsync(WorkflowOutbox.Queue, 10, TimeSpan.FromSeconds(1), Cancellation);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
