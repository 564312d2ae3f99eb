using Microsoft.Extensions.DependencyInjection;
using PracticPro.Cli;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;

namespace PracticPro.Tests.Cli;

public sealed class HubVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_folder_without_workflows_is_not_made_into_one()
    {
        var said = await shell.CallAsync("", "hub", "list");

        Assert.Equal(ExitCodes.NotBegun, said.ExitCode);
        Assert.False(Directory.Exists(shell.DataFolder));
    }

    [Fact]
    public async Task Serving_makes_the_hub_says_where_it_listens_and_ends_when_asked()
    {
        var said = await shell.CallAsync("", "hub", "serve", "--port", "0", "--until-input-ends");

        Assert.Equal(ExitCodes.Done, said.ExitCode);
        Assert.Matches("^hub listening on http://127\\.0\\.0\\.1:[1-9][0-9]*$", said.Output);
        Assert.True(File.Exists(Path.Combine(shell.DataFolder, "hub.db")));
    }

    [Theory]
    [InlineData("hub", "serve")]
    [InlineData("hub", "serve", "--port", "70000")]
    [InlineData("hub", "serve", "--port", "http")]
    public async Task Serving_needs_a_port_that_is_one(params string[] words)
    {
        var said = await shell.CallAsync("", words);

        Assert.Equal(ExitCodes.Usage, said.ExitCode);
    }

    [Fact]
    public async Task What_is_started_by_hand_waits_for_the_program()
    {
        await MakeHubAsync();

        var started = await shell.CallAsync("", "hub", "start", "count-sheep", "sheep-1", "--json", "{\"to\":3}");
        var status = await shell.CallAsync("", "hub", "status", "sheep-1");
        var listed = await shell.CallAsync("", "hub", "list", "--prefix", "sheep-");

        Assert.Equal((ExitCodes.Done, "Started"), (started.ExitCode, started.Output));
        Assert.Contains("\"status\":\"Pending\"", status.Output, StringComparison.Ordinal);
        Assert.Equal(status.Output, listed.Output);
    }

    [Fact]
    public async Task An_instance_is_started_once()
    {
        await MakeHubAsync();
        await shell.CallAsync("", "hub", "start", "count-sheep", "sheep-1");

        var again = await shell.CallAsync("", "hub", "start", "count-sheep", "sheep-1");

        Assert.Equal((ExitCodes.Failed, "AlreadyExists"), (again.ExitCode, again.Output));
    }

    [Fact]
    public async Task Events_and_ends_are_kept_and_a_live_instance_is_not_purged()
    {
        await MakeHubAsync();
        await shell.CallAsync("", "hub", "start", "count-sheep", "sheep-1");

        var raised = await shell.CallAsync("", "hub", "raise", "sheep-1", "wolf-seen", "--json", "1");
        var ended = await shell.CallAsync("", "hub", "terminate", "sheep-1");
        var purged = await shell.CallAsync("", "hub", "purge", "sheep-1");

        Assert.Equal((ExitCodes.Done, "Raised"), (raised.ExitCode, raised.Output));
        Assert.Equal((ExitCodes.Done, "Accepted"), (ended.ExitCode, ended.Output));
        Assert.Equal((ExitCodes.Failed, "NotCompleted"), (purged.ExitCode, purged.Output));
    }

    [Theory]
    [InlineData("status", "nobody", "NotFound")]
    [InlineData("terminate", "nobody", "NotFound")]
    [InlineData("purge", "nobody", "NotFound")]
    [InlineData("purge", "no/such#id", "Malformed")]
    public async Task What_is_not_there_is_said_in_a_word(string verb, string instance, string word)
    {
        await MakeHubAsync();

        var said = await shell.CallAsync("", "hub", verb, instance);

        Assert.Equal((ExitCodes.Failed, word), (said.ExitCode, said.Output));
    }

    private async Task MakeHubAsync()
    {
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(new DurableRegistry(), nothing, new DurableOptions { Folder = shell.DataFolder });
        hub.StartHeld();
    }
}
