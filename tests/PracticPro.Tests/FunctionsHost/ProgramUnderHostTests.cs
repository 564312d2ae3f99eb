using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Faults;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>The program itself under the host: its own folders, real processes, real kills.</summary>
public sealed class ProgramUnderHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("practicpro-under-host").FullName;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "PracticPro.dll");

    private static string Dotnet =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    [Fact]
    public async Task The_folders_it_writes_are_loaded_and_its_pages_are_served()
    {
        await using var host = await StartAsync();

        var health = await UntilAsync(host, "/healthz", 200);

        Assert.Equal("""{"status":"ok"}""", health.Text);
        Assert.Single(host.Handlers);
    }

    [Fact]
    public async Task A_front_that_is_killed_in_a_turn_costs_that_instance_and_nothing_else()
    {
        await using var host = await StartAsync();
        await UntilAsync(host, "/healthz", 200);
        host.Faults.Add(new FaultRule(FaultKind.KillWhileRunning, "await-approval"));

        var calls = host.Jobs!.Calls;
        calls.Start(new CreateInstanceRequest { Name = "await-approval", InstanceId = "struck" });
        await Rig.UntilAsync(() => calls.Get("struck", withPayloads: true)!.OrchestrationStatus == RuntimeStatus.Failed);
        await UntilAsync(host, "/healthz", 200);
        calls.Start(new CreateInstanceRequest { Name = "await-approval", InstanceId = "spared" });
        await Rig.UntilAsync(() => calls.Get("spared", withPayloads: true)!.OrchestrationStatus is not RuntimeStatus.Pending);

        Assert.Contains("failed with an unhandled exception", calls.Get("struck", withPayloads: true)!.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "failed with an unhandled exception", calls.Get("spared", withPayloads: true)!.Output ?? "", StringComparison.Ordinal);
        Assert.Equal(2, host.Handlers.Count);
        Assert.False(host.Ended.IsCompleted);
    }

    [Fact]
    public async Task Every_turn_is_answered_with_the_same_bytes_when_it_is_asked_twice()
    {
        await using var host = await StartAsync();
        var calls = host.Jobs!.Calls;

        foreach (var function in host.Options.App.Functions.Where(one => one.Trigger.Type == "orchestrationTrigger"))
        {
            calls.Start(new CreateInstanceRequest { Name = function.DurableName, InstanceId = function.Name, Input = "{}" });
        }

        await Rig.UntilAsync(() => host.Statistics[Figure.TurnsRepeated] >= 4);
        Assert.Equal(0, host.Statistics[Figure.TurnsDiffering]);
        Assert.Equal(0, host.Statistics[Figure.InstancesFailedByHost]);
    }

    // The back tidies up after its front is gone.
    public void Dispose()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 100)
            {
                Thread.Yield();
            }
        }
    }

    private static async Task<RawResponse> UntilAsync(FakeHost host, string path, int status)
    {
        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        while (true)
        {
            var response = await RawRequest.SendAsync(host.Address, new JsonObject { ["method"] = "GET", ["path"] = path });
            if (response.Status == status)
            {
                return response;
            }

            await Deadline.MomentAsync(patience.Token);
        }
    }

    private async Task<FakeHost> StartAsync()
    {
        using (var emit = Process.Start(new ProcessStartInfo(Dotnet, [Program, "functions", "emit", _folder]) { RedirectStandardOutput = true })!)
        {
            await emit.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await emit.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, emit.ExitCode);
        }

        var file = Path.Combine(_folder, "host.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        var description = json["customHandler"]!["description"]!;
        description["arguments"]!.AsArray().Insert(0, Program);
        description["defaultExecutablePath"] = Dotnet;
        await File.WriteAllTextAsync(file, json.ToJsonString(), TestContext.Current.CancellationToken);
        var (app, refusals) = AppFolder.Read(_folder, new Dictionary<string, string>());
        Assert.Empty(refusals);
        return await FakeHost.StartAsync(new FakeHostOptions { App = app! }, TestContext.Current.CancellationToken);
    }
}
