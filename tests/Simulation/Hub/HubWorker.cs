using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Simulation.Hub;

/// <summary>
/// The process that is killed: <c>hub-worker FOLDER FROM TO KILL-AT-WRITE CACHED CLOCK</c>. Says that it opens the hub,
/// asks for those shares of the workload as it would after any start, and says when they are done. Told to stay, it
/// then waits to be killed; with a number above 0 it kills itself before that write.
/// </summary>
internal static class HubWorker
{
    public const string OpeningLine = "opening";

    /// <summary>Everything that was asked for is complete. The writes made until then follow.</summary>
    public const string DoneLine = "done";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestActivity = TimeSpan.FromMilliseconds(8);

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        var (folder, from, to) = (words[0], Number(words[1]), Number(words[2]));
        var (killAt, cached, clock) = (Number(words[3]), Number(words[4]), SteadyClock.Parse(words[5]));
        var all = HubWorkload.Expected(from, to).ToList();
        Console.WriteLine(OpeningLine);
        using var effects = new EffectsFile(folder);
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).BuildServiceProvider();
        var bomb = new Bomb(killAt);
        await using var hub = EmbeddedHub.Open(
            new HubWorkload(effects, LongestActivity, clock).Registry(),
            services,
            new DurableOptions { Folder = folder, CachedInstances = cached },
            bomb.BeforeWrite);
        hub.Start();
        await Task.WhenAll(all.Select(expected => AskAsync(hub, expected, cancellation)));
        if (!await CompleteAsync(hub, all, cancellation))
        {
            return 1;
        }

        Console.WriteLine($"{DoneLine} {bomb.Writes}");
        await Console.In.ReadLineAsync(cancellation);
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

    private static async Task<bool> CompleteAsync(EmbeddedHub hub, List<Expectation> all, CancellationToken cancellation)
    {
        foreach (var expected in all)
        {
            var end = await hub.WaitForCompletionAsync(expected.Instance, Patience, cancellation);
            if (end is not { Status: OrchestrationStatus.Completed })
            {
                Console.Error.WriteLine($"{expected.Instance} is {end?.Status}: {end?.Failure}");
                return false;
            }
        }

        return true;
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Counts writes, and goes off before one of them: no handler, no flush, no finally.</summary>
    private sealed class Bomb(int killAt)
    {
        public int Writes { get; private set; }

        public void BeforeWrite()
        {
            if (++Writes == killAt)
            {
                Process.GetCurrentProcess().Kill();
                Thread.CurrentThread.Join();
            }
        }
    }
}
