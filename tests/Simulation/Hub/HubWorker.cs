using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Simulation.Hub;

/// <summary>
/// The process that is killed: <c>hub-worker FOLDER EACH-KIND KILL-AT-WRITE CACHED</c>. Asks for the whole workload, as it
/// would after any start, and waits for its end. With a number above 0 it kills itself before that write.
/// </summary>
internal static class HubWorker
{
    public const string ReadyLine = "ready";

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        var folder = words[0];
        var eachKind = int.Parse(words[1], CultureInfo.InvariantCulture);
        var killAt = int.Parse(words[2], CultureInfo.InvariantCulture);
        var cached = int.Parse(words[3], CultureInfo.InvariantCulture);
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(
            new HubWorkload(Path.Combine(folder, "effects")).Registry(),
            services,
            new DurableOptions { Folder = folder, CachedInstances = cached },
            killAt > 0 ? Bomb(killAt) : null);
        hub.Start();
        Console.WriteLine(ReadyLine);
        var all = HubWorkload.Expected(eachKind).ToList();
        await Task.WhenAll(all.Select(expected => AskAsync(hub, expected, cancellation)));
        foreach (var expected in all)
        {
            var end = await hub.WaitForCompletionAsync(expected.Instance, TimeSpan.FromMinutes(1), cancellation);
            if (end is not { Status: OrchestrationStatus.Completed })
            {
                Console.Error.WriteLine($"{expected.Instance} is {end?.Status}: {end?.Failure}");
                return 1;
            }
        }

        await hub.StopAsync(cancellation);
        return 0;
    }

    private static async Task AskAsync(EmbeddedHub hub, Expectation expected, CancellationToken cancellation)
    {
        var start = new StartRequest(expected.Name, expected.Instance, HubWorkload.InputOf(expected));
        await hub.StartAsync(start, cancellation);
        for (var number = 1; expected.Name == "events" && number <= HubWorkload.EventsEach; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            var raise = new RaiseRequest(expected.Instance, HubWorkload.Go.Text, text, DeliveryId.Parse($"go-{text}"));
            await hub.RaiseEventAsync(raise, cancellation);
        }
    }

    private static Action Bomb(int killAt)
    {
        var writes = 0;
        return () =>
        {
            if (++writes == killAt)
            {
                // SIGKILL: no handler, no flush, no finally.
                Process.GetCurrentProcess().Kill();
                Thread.CurrentThread.Join();
            }
        };
    }
}
