using System.Text;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Faults;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>The program's real processes, its emitted folders and the fake host together.</summary>
public sealed class UnderHostTests : IAsyncDisposable
{
    private const string Instance = "clinic:mailbox-1";
    private const string Workflow = "keep-mailbox-in-step";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-under-host-");
    private FakeHost? host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HubCalls Hub => host!.Jobs!.Calls;

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }

        await UntilAsync(TryDelete);
    }

    [Fact]
    public async Task An_instance_that_the_host_failed_for_a_killed_handler_is_started_again_from_its_records()
    {
        var faults = new FaultPlan().Add(new FaultRule(FaultKind.KillWhileRunning, Workflow));
        await StartAsync(faults);
        Hub.Start(new CreateInstanceRequest { Name = Workflow, InstanceId = Instance, Input = "{}" });
        await UntilAsync(() => State.OrchestrationStatus == RuntimeStatus.Failed);
        var failed = State.CreatedTimestamp;

        await TickAsync("mend-failed-workflows");

        await UntilAsync(() => State.CreatedTimestamp != failed);
        Assert.Equal("{}", State.Input);
    }

    [Fact]
    public async Task The_folders_that_are_emitted_are_an_app_the_host_loads()
    {
        await EmitAsync();

        var (app, refusals) = AppFolder.Read(folder.FullName, new Dictionary<string, string>());

        Assert.Empty(refusals);
        Assert.Equal(Composition.Functions().All.Select(one => one.Name), app!.Functions.Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    private InstanceState State => Hub.Get(Instance, withPayloads: true)!;

    private async Task StartAsync(FaultPlan faults)
    {
        await EmitAsync();
        var settings = new Dictionary<string, string> { ["Standalone__Folder"] = Path.Combine(folder.FullName, "data") };
        var (app, refusals) = AppFolder.Read(folder.FullName, settings);
        Assert.Empty(refusals);
        host = await FakeHost.StartAsync(
            new FakeHostOptions { App = app!, Faults = faults, Settings = settings, RepeatsTurns = false }, Cancellation);
    }

    /// <summary>As it is published, but for the program, which stays where it was built.</summary>
    private async Task EmitAsync()
    {
        await EmitFolders.WriteAsync(Composition.Functions(), folder.FullName, Cancellation);
        var path = Path.Combine(folder.FullName, "host.json");
        var program = Path.Combine(AppContext.BaseDirectory, "PracticPro").Replace("\\", "/", StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(
            path, text.Replace("\"defaultExecutablePath\": \"PracticPro\"", $"\"defaultExecutablePath\": \"{program}\"", StringComparison.Ordinal), Cancellation);
    }

    /// <summary>Runs a timer function now, as the host would at its time.</summary>
    private async Task TickAsync(string name)
    {
        var function = host!.Options.App.Functions.Single(one => one.Name == name);
        var body = $$$"""
            {"Data":{"tick":{"IsPastDue":false},"hub":"\"{\\\"rpcBaseUrl\\\":\\\"{{{host.GrpcAddress.AbsoluteUri}}}\\\"}\""},"Metadata":{}}
            """;
        var outcome = await host.Jobs!.Invoker.InvokeAsync(function, Encoding.UTF8.GetBytes(body));
        Assert.Equal(OutcomeKind.Answered, outcome.Kind);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!isSo())
        {
            await Deadline.MomentAsync(patience.Token);
        }
    }

    // The back tidies up after its front is gone.
    private bool TryDelete()
    {
        try
        {
            folder.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
