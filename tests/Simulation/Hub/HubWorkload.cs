using System.Globalization;
using PracticPro.Durable;
using ActivityContext = PracticPro.Durable.ActivityContext;

namespace PracticPro.Simulation.Hub;

/// <summary>One instance of the workload and what it must come to.</summary>
/// <param name="Effects">Logical calls of the effect activity, children's included, each of which must happen.</param>
internal sealed record Expectation(InstanceId Instance, string Name, int Input, int Output, int Effects);

/// <summary>
/// Orchestrations that use everything a hub has: fan-out, timers, events, sub-orchestrations, continue-as-new.
/// Each ends with one more effect, whose key would be there twice if the instance had completed twice.
/// </summary>
internal sealed class HubWorkload(string effectsFile)
{
    public const int EventsEach = 3;
    public static readonly EventName<int> Go = new("go");
    private const int Generations = 4;
    private static readonly ActivityName<int, int> Effect = new("effect");
    private static readonly OrchestrationName<int, int> FanOut = new("fan-out");
    private static readonly OrchestrationName<int, int> Timers = new("timers");
    private static readonly OrchestrationName<int, int> Events = new("events");
    private static readonly OrchestrationName<int, int> Parent = new("parent");
    private static readonly OrchestrationName<int, int> Child = new("child");
    private static readonly OrchestrationName<int[], int> Rounds = new("rounds");
    private readonly Lock gate = new();

    public static IEnumerable<Expectation> Expected(int eachKind)
    {
        for (var number = 1; number <= eachKind; number++)
        {
            var width = 3 + (number % 5);
            yield return new(Id("fan-out", number), "fan-out", width, width * (width + 1) / 2, width + 1);
            yield return new(Id("timers", number), "timers", number, number, 2);
            yield return new(Id("events", number), "events", 0, 1 + 2 + 3, 1);
            yield return new(Id("parent", number), "parent", number, 2 * ((2 * number) + 2), 1 + (2 * 3));
            yield return new(Id("rounds", number), "rounds", number, number + Generations, Generations + 1);
        }
    }

    public DurableRegistry Registry() => new DurableRegistry()
        .AddActivity(Effect, _ => new Activity<int, int>(Record))
        .AddOrchestration(FanOut, () => new Code<int, int>(FanOutAsync))
        .AddOrchestration(Timers, () => new Code<int, int>(TimersAsync))
        .AddOrchestration(Events, () => new Code<int, int>(EventsAsync))
        .AddOrchestration(Parent, () => new Code<int, int>(ParentAsync))
        .AddOrchestration(Child, () => new Code<int, int>(ChildAsync))
        .AddOrchestration(Rounds, () => new Code<int[], int>(RoundsAsync));

    /// <summary>The stored input of an instance of that name.</summary>
    public static string InputOf(Expectation expected) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(expected.Name == "rounds" ? $"[{expected.Input},0]" : expected.Input)}");

    private static InstanceId Id(string name, int number) =>
        InstanceId.Parse(string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));

    /// <summary>
    /// One line a delivery, in one write: what the operating system has, a killed process does not take back.
    /// </summary>
    private int Record(ActivityContext context, int number)
    {
        var line = $"{context.IdempotencyKey} {context.InstanceId}\n";
        lock (gate)
        {
            File.AppendAllText(effectsFile, line);
        }

        return number;
    }

    private static async Task<int> FanOutAsync(OrchestrationContext context, int width)
    {
        var parts = Enumerable.Range(1, width).Select(number => context.CallActivityAsync(Effect, number));
        var sum = (await Task.WhenAll(parts)).Sum();
        return sum + (0 * await context.CallActivityAsync(Effect, 0));
    }

    private static async Task<int> TimersAsync(OrchestrationContext context, int number)
    {
        await context.CreateTimer(TimeSpan.FromMilliseconds(20 + number), CancellationToken.None);
        var left = await context.CallActivityAsync(Effect, number);
        await Task.WhenAll(
            context.CreateTimer(TimeSpan.FromMilliseconds(30), CancellationToken.None),
            context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None));
        return left + (0 * await context.CallActivityAsync(Effect, 0));
    }

    private static async Task<int> EventsAsync(OrchestrationContext context, int sum)
    {
        for (var number = 0; number < EventsEach; number++)
        {
            sum += await context.WaitForExternalEvent(Go, CancellationToken.None);
        }

        return sum + (0 * await context.CallActivityAsync(Effect, 0));
    }

    private static async Task<int> ParentAsync(OrchestrationContext context, int number)
    {
        var sum = 0;
        for (var round = 0; round < 2; round++)
        {
            sum += await context.CallSubOrchestrationAsync(Child, number + round);
        }

        // 2n+1 from the children, twice that and one more than the last.
        return (2 * (sum + 1)) + (0 * await context.CallActivityAsync(Effect, 0));
    }

    private static async Task<int> ChildAsync(OrchestrationContext context, int number)
    {
        var first = context.CallActivityAsync(Effect, number);
        await Task.WhenAll(first, context.CallActivityAsync(Effect, 0));
        return await first + (0 * await context.CallActivityAsync(Effect, 0));
    }

    private static async Task<int> RoundsAsync(OrchestrationContext context, int[] state)
    {
        if (state[1] < Generations)
        {
            await context.CallActivityAsync(Effect, state[1]);
            context.ContinueAsNew<int[]>([state[0] + 1, state[1] + 1]);
            return 0;
        }

        return state[0] + (0 * await context.CallActivityAsync(Effect, 0));
    }

    private sealed class Code<TInput, TOutput>(Func<OrchestrationContext, TInput, Task<TOutput>> run)
        : Orchestration<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(OrchestrationContext context, TInput input) => run(context, input);
    }

    private sealed class Activity<TInput, TOutput>(Func<ActivityContext, TInput, TOutput> run)
        : PracticPro.Durable.Activity<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(ActivityContext context, TInput input, CancellationToken cancellation) =>
            Task.FromResult(run(context, input));
    }
}
