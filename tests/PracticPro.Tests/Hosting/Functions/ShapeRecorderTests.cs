using System.Diagnostics;
using System.Text;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Tests.Architecture;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>
/// The fake host calls the program with every kind of trigger; what the program notes of it is what the repository keeps
/// as golden, and what the canary will hold a real host to.
/// </summary>
public sealed class ShapeRecorderTests : IDisposable
{
    private const string Instance = "canary:sync.1";
    private static readonly string[] Kinds = ["activity", "durable-client", "http", "orchestration", "queue", "timer"];
    private readonly string folder = Directory.CreateTempSubdirectory("practicpro-shapes-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Shapes => Path.Combine(folder, "shapes");

    public void Dispose()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The back tidies up after its front is gone.
        }
    }

    [Fact]
    public async Task What_the_fake_host_sends_has_the_golden_shapes_of_every_kind()
    {
        await using (var host = await StartAsync())
        {
            await CallEverythingAsync(host);
            await UntilAsync(() => Kinds.All(kind => File.Exists(Path.Combine(Shapes, $"{kind}.shape"))));
            await UntilAsync(() => host.Jobs!.Calls.Get(Instance, withPayloads: true)!.OrchestrationStatus != RuntimeStatus.Running);
        }

        var (code, said) = await CanaryAsync(Shapes);

        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task In_the_log_each_line_stands_once_in_the_words_that_the_canary_looks_for()
    {
        await using var functions = await FunctionsProcess.StartAsync(("Functions__RecordShapes", "log"));
        using var first = await functions.HandOnAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));
        using var second = await functions.HandOnAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));

        const string Words = "[935] Shape of http: header X-Azure-Functions-InvocationId";
        await UntilAsync(() => functions.Output.Any(line => line.Contains(Words, StringComparison.Ordinal)));
        Assert.Single(functions.Output, line => line.Contains(Words, StringComparison.Ordinal));
        Assert.Contains("[935] Shape of ", await File.ReadAllTextAsync(Path.Combine(Source.Root, "scripts/canary"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_is_new_or_gone_or_of_another_kind_is_said_and_fails()
    {
        await CopyGoldensAsync();
        var file = Path.Combine(Shapes, "queue.shape");
        var text = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(
            file,
            text.Replace("Metadata.DequeueCount: text of number", "Metadata.DequeueCount: number", StringComparison.Ordinal)
                + "Metadata.Novelty: text\n",
            Cancellation);

        var (code, said) = await CanaryAsync(Shapes);

        Assert.Equal(1, code);
        Assert.Contains("queue: gone  Metadata.DequeueCount: text of number", said, StringComparison.Ordinal);
        Assert.Contains("queue: new   Metadata.DequeueCount: number", said, StringComparison.Ordinal);
        Assert.Contains("queue: new   Metadata.Novelty: text", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_did_not_come_fails()
    {
        await CopyGoldensAsync();
        File.Delete(Path.Combine(Shapes, "orchestration.shape"));

        var (code, said) = await CanaryAsync(Shapes);

        Assert.Equal(1, code);
        Assert.Contains("orchestration: no call was seen", said, StringComparison.Ordinal);
    }

    private static async Task CallEverythingAsync(FakeHost host)
    {
        using var client = LoopbackHttp.To(host.Address);
        using var health = await client.GetAsync("/healthz", Cancellation);
        var calls = host.Jobs!.Calls;
        calls.Start(new CreateInstanceRequest
        {
            Name = "keep-mailbox-in-step",
            InstanceId = Instance,
            Input = """{"tenant":"canary","connection":"connection-00000000000000000000000000","grant":1}""",
        });
        host.Storage.Queues.Create("workflow-orders");
        host.Storage.Queues.Put("workflow-orders", Convert.ToBase64String("""{"tenant":"canary"}"""u8));
        var rounds = host.Options.App.Functions.Single(one => one.Name == "make-order-rounds");
        var status = """{"Last":"2026-11-22T05:42:00.0009285+00:00","Next":"2026-11-22T05:43:00+00:00","LastUpdated":"2026-11-22T05:42:00.0009285+00:00"}""";
        await host.Jobs.Invoker.InvokeAsync(rounds, host.Jobs.Payloads.Timer(rounds, status, isPastDue: false));
    }

    private async Task<FakeHost> StartAsync()
    {
        await EmitFolders.WriteAsync(Composition.Functions(), folder, Cancellation);
        var path = Path.Combine(folder, "host.json");
        var program = Path.Combine(AppContext.BaseDirectory, "PracticPro");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(
            path, text.Replace("\"defaultExecutablePath\": \"PracticPro\"", $"\"defaultExecutablePath\": \"{program}\"", StringComparison.Ordinal), Cancellation);
        var settings = new Dictionary<string, string>
        {
            ["Standalone__Folder"] = Path.Combine(folder, "data"),
            ["Functions__RecordShapes"] = Shapes,
        };
        var (app, refusals) = AppFolder.Read(folder, settings);
        Assert.Empty(refusals);
        return await FakeHost.StartAsync(new FakeHostOptions { App = app!, Settings = settings, RepeatsTurns = false }, Cancellation);
    }

    /// <summary>As if a host had sent exactly what is golden.</summary>
    private async Task CopyGoldensAsync()
    {
        Directory.CreateDirectory(Shapes);
        foreach (var golden in Directory.GetFiles(Path.Combine(Source.Root, "tests/PracticPro.Tests/Hosting/Functions/Golden/shapes")))
        {
            var lines = await File.ReadAllLinesAsync(golden, Cancellation);
            await File.WriteAllLinesAsync(
                Path.Combine(Shapes, Path.GetFileName(golden)), lines.Where(line => !line.StartsWith('?')), Cancellation);
        }
    }

    private static async Task<(int Code, string Said)> CanaryAsync(string shapes)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Source.Root, "scripts/canary"), "--folder", shapes])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var canary = Process.Start(start)!;
        var said = new StringBuilder(await canary.StandardOutput.ReadToEndAsync(Cancellation));
        said.Append(await canary.StandardError.ReadToEndAsync(Cancellation));
        await canary.WaitForExitAsync(Cancellation);
        return (canary.ExitCode, said.ToString());
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!isSo())
        {
            await Deadline.MomentAsync(patience.Token);
        }
    }
}
