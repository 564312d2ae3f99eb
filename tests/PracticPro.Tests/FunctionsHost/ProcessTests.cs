using System.Diagnostics;
using System.Text.Json.Nodes;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>The handler as a process: how it is started, and what becomes of it and of the host when it ends.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("practicpro-host").FullName;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "PracticPro.FunctionsHost.dll");

    [Fact]
    public async Task The_handler_gets_its_arguments_unquoted_and_the_variables_of_the_contract()
    {
        await using var host = await StartAsync();

        var about = await AboutAsync(host);

        Assert.Equal(["--flag", "two", "words"], about["arguments"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal(_folder, about["folder"]!.GetValue<string>());
        var variables = about["variables"]!;
        Assert.Equal("custom", Variable("FUNCTIONS_WORKER_RUNTIME"));
        Assert.Equal(Variable("FUNCTIONS_CUSTOMHANDLER_PORT"), Variable("FUNCTIONS_HTTPWORKER_PORT"));
        Assert.Equal(Variable("FUNCTIONS_CUSTOMHANDLER_WORKER_ID"), Variable("FUNCTIONS_HTTPWORKER_ID"));
        Assert.Equal(_folder, Variable("FUNCTIONS_APP_ROOT_PATH"));
        Assert.Equal(host.Address.GetLeftPart(UriPartial.Authority), Variable("ASPNETCORE_URLS"));
        Assert.Equal(host.StorageConnection, Variable("AzureWebJobsStorage"));
        Assert.Equal(Assert.Single(host.Handlers), about["process"]!.GetValue<int>());

        string Variable(string name) => variables[name]!.GetValue<string>();
    }

    [Fact]
    public async Task Exit_200_starts_another_handler_and_is_no_error()
    {
        await using var host = await StartAsync();

        for (var times = 0; times < 4; times++)
        {
            Assert.Equal(500, await CallAsync(host, "Exit200"));
            await Rig.UntilAsync(() => host.Handlers.Count == times + 2);
        }

        await AboutAsync(host);
        Assert.Equal(5, host.Handlers.Count);
        Assert.False(host.Ended.IsCompleted);
    }

    [Fact]
    public async Task Exit_0_leaves_a_host_that_runs_and_a_handler_that_is_dead()
    {
        await using var host = await StartAsync();
        Assert.Equal(500, await CallAsync(host, "Exit0"));
        await Rig.UntilAsync(() => !IsAlive(host.Handlers[0]));

        Assert.Equal(500, await CallAsync(host, "About"));

        Assert.Single(host.Handlers);
        Assert.False(host.Ended.IsCompleted);
    }

    [Fact]
    public async Task The_third_error_ends_the_host()
    {
        await using var host = await StartAsync();
        await CallAsync(host, "Exit1");
        await Rig.UntilAsync(() => host.Handlers.Count == 2);
        await AboutAsync(host);
        await host.KillHandlerAsync();
        await Rig.UntilAsync(() => host.Handlers.Count == 3);
        await AboutAsync(host);

        await CallAsync(host, "Exit1");

        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        Assert.StartsWith("Exceeded http worker restart retry count", await host.Ended.WaitAsync(patience.Token), StringComparison.Ordinal);
        Assert.Equal(3, host.Handlers.Count);
    }

    [Fact]
    public async Task A_host_that_stops_takes_its_handler_with_it()
    {
        await using var host = await StartAsync();
        await AboutAsync(host);

        await host.StopAsync();

        Assert.False(IsAlive(Assert.Single(host.Handlers)));
    }

    [Fact]
    public async Task The_program_says_where_it_is_and_ends_with_its_input()
    {
        WriteApp();
        var start = new ProcessStartInfo("dotnet", [Program, "--app", _folder, "--until-input-ends", "--extension", "2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var program = Process.Start(start)!;
        var lines = new List<string>();
        while (lines.Count < 2)
        {
            lines.Add((await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        }

        var handler = int.Parse(
            lines.Single(line => line.EndsWith("started", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        var address = new Uri(lines.Single(line => line.StartsWith("functions host listening on ", StringComparison.Ordinal)).Split(' ')[^1]);
        var statistics = await RawRequest.SendAsync(address, Get("/admin/control/statistics"));
        program.StandardInput.Close();
        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(patience.Token);

        Assert.Equal(1, JsonNode.Parse(statistics.Text)!["handlerStarts"]!.GetValue<int>());
        Assert.Equal(0, program.ExitCode);
        Assert.False(IsAlive(handler));
    }

    [Fact]
    public async Task The_program_refuses_an_app_that_would_not_load()
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", [Program, "--app", _folder]) { RedirectStandardError = true })!;

        var said = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("host.json is missing", said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<int> CallAsync(FakeHost host, string function) =>
        (await RawRequest.SendAsync(host.Address, Get($"/api/{function}"))).Status;

    private static async Task<JsonNode> AboutAsync(FakeHost host)
    {
        var response = await RawRequest.SendAsync(host.Address, Get("/api/About"));
        Assert.Equal(200, response.Status);
        return JsonNode.Parse(response.Text)!;
    }

    private static JsonObject Get(string path) => new() { ["method"] = "GET", ["path"] = path };

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private Task<FakeHost> StartAsync()
    {
        WriteApp();
        var settings = new Dictionary<string, string> { ["CAP_ARG"] = "two words" };
        var (app, refusals) = AppFolder.Read(_folder, settings);
        Assert.Empty(refusals);
        return FakeHost.StartAsync(
            new FakeHostOptions { App = app!, Settings = settings }, TestContext.Current.CancellationToken);
    }

    private void WriteApp()
    {
        File.WriteAllText(Path.Combine(_folder, "host.json"), $$"""
            {
              "version": "2.0",
              "customHandler": {
                "description": { "defaultExecutablePath": "dotnet", "arguments": ["{{Program}}", "stand-in", "--flag", "%CAP_ARG%"] }
              }
            }
            """);
        foreach (var function in (string[])["About", "Exit0", "Exit1", "Exit200"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, function));
            File.WriteAllText(Path.Combine(_folder, function, "function.json"), """
                {
                  "bindings": [
                    { "name": "req", "type": "httpTrigger", "direction": "in", "authLevel": "anonymous" },
                    { "name": "res", "type": "http", "direction": "out" }
                  ]
                }
                """);
        }
    }
}
