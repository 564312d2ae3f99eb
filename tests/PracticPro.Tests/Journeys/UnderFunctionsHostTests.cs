using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Sandbox;
using CommandLine = PracticPro.Cli.CommandLine;

namespace PracticPro.Tests.Journeys;

/// <summary>
/// The demo's whole story with real processes: the Functions host starts the program as its handler, and a person's
/// mailbox is read, replies are drafted, decided and sent, while the handler is killed.
/// </summary>
public sealed class UnderFunctionsHostTests : IDisposable
{
    private const string Program = "PracticPro";
    private readonly string work = Directory.CreateTempSubdirectory("functions-journey-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    [Trait("Promise", "APR-3")]
    public async Task A_practice_reads_drafts_decides_and_sends_once_though_its_handler_is_killed_on_the_way()
    {
        var app = await LayOutAsync();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), Cancellation);
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync(
            [
                "demo", "--auto", "--at-least", "10", "--sandbox", sandbox.Address.GetLeftPart(UriPartial.Authority),
                "--functions-host", Path.Combine(AppContext.BaseDirectory, "PracticPro.FunctionsHost.dll"), "--app", app,
                "--folder", Path.Combine(work, "demo"),
            ],
            TextReader.Null,
            output,
            error,
            Cancellation);

        Assert.True(code == 0, $"{output}\n{error}\n{ServerLog()}");
        Assert.Contains("\"sentTwice\":0,\"lost\":0,", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"functions\"", output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The function folders and host.json, and the program as it was built for this test.</summary>
    private async Task<string> LayOutAsync()
    {
        var app = Directory.CreateDirectory(Path.Combine(work, "app")).FullName;
        await EmitFolders.WriteAsync(Composition.Functions(), app, Cancellation);
        File.CreateSymbolicLink(Path.Combine(app, Program), Path.Combine(AppContext.BaseDirectory, Program));
        return app;
    }

    private string ServerLog()
    {
        var log = Path.Combine(work, "demo", "server.log");
        return File.Exists(log) ? File.ReadAllText(log) : "";
    }
}
