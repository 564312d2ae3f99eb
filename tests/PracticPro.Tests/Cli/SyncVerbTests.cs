using PracticPro.Cli;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Cli;

public sealed class SyncVerbTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_replay_says_that_it_is_the_same_and_what_the_state_is()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.CrashAsync();
        var (exitCode, output, _) = await ReplayAsync(premises, premises.Connection.Text);
        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Matches("^same, [0-9]+ steps, state [0-9a-f]{64}$", output);
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_replay_that_differs_names_the_record_and_fails()
    {
        await using var premises = await Premises.ConnectedAsync();
        var message = (await premises.StoredMailAsync())[0];
        var scope = await premises.ScopeAsync();
        await scope.CommitAsync([scope.Put(SyncKinds.Message, message with { Subject = "forged" }, Condition.Any)], Cancellation);
        await premises.CrashAsync();
        var (exitCode, output, _) = await ReplayAsync(premises, premises.Connection.Text);
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Matches($"^differs: stream mailbox, step [0-9]+, item {message.SourceId}: stored-otherwise$", output);
    }

    [Fact]
    public async Task What_is_no_connection_is_refused()
    {
        await using var premises = await Premises.OpenAsync();
        await premises.CrashAsync();
        Assert.Equal(ExitCodes.Usage, (await ReplayAsync(premises, "connection")).ExitCode);
        Assert.Equal(ExitCodes.Failed, (await ReplayAsync(premises, ConnectionId.New(premises.Clock).Text)).ExitCode);
    }

    private static async Task<(int ExitCode, string Output, string Error)> ReplayAsync(Premises premises, string connection)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            [
                "sync", "replay", connection, "--Standalone:Folder", premises.Folder,
                "--Logging:LogLevel:Default", "None", "--Logging:LogLevel:PracticPro", "None",
            ],
            TextReader.Null,
            output,
            error,
            Cancellation);
        return (exitCode, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }
}
