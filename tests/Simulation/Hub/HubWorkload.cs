using System.Globalization;
using PracticPro.Durable;
using ActivityContext = PracticPro.Durable.ActivityContext;

namespace PracticPro.Simulation.Hub;

/// <summary>One instance of the workload and what it must come to.</summary>
/// <param name="Effects">Logical calls of the effect activity, children's included, each of which must happen.</param>
internal sealed record Expectation(InstanceId Instance, string Name, int Input, int Output, int Effects);

/// <summary>
/// Orchestrations that use everything a hub has: sequences, fan-out, timers, events, sub-orchestrations,
/// continue-as-new, in equal shares. Each ends with an effect, whose key would be there twice if the instance had
/// completed twice.
/// </summary>
/// <param name="effects">Where every delivery is written down.</param>
/// <param name="longest">Activities take up to this long after their effect: time to be killed in.</param>
internal sealed class HubWorkload(EffectsFile effects, TimeSpan longest, TimeProvider time)
{
    public const int EventsEach = 3;

    /// <summary>Sequences of three activities in one share; of every other kind there is one.</summary>
    public const int SequencesAShare = 20;

    public const int InstancesAShare = SequencesAShare + 5;
    public static readonly EventName<int> Go = new("go");
    private const int Generations = 4;
    private static readonly ActivityName<int, int> Effect = new("effect");
    private static readonly OrchestrationName<int, int> Sequence = new("sequence");
    private static readonly OrchestrationName<int, int> FanOut = new("fan-out");
    private static readonly OrchestrationName<int, int> Timers = new("timers");
    private static readonly OrchestrationName<int, int> Events = new("events");
    private static readonly OrchestrationName<int, int> Parent = new("parent");
    private static readonly OrchestrationName<int, int> Child = new("child");
    private static readonly OrchestrationName<int[], int> Rounds = new("rounds");

    /// <summary>The shares from the first, counted from 0, to before the last.</summary>
    public static IEnumerable<Expectation> Expected(int from, int to)
    {
        for (var number = from + 1; number <= to; number++)
        {
            for (var one = (number - 1) * SequencesAShare; one < number * SequencesAShare; one++)
            {
                yield return new(Id("sequence", one), "sequence", one, one + 3, 3);
            }

            var width = 3 + (number % 5);
            yield return new(Id("fan-out", number), "fan-out", width, width * (width + 1) / 2, width + 1);
            yield return new(Id("timers", number), "timers", number, number, 2);
            yield return new(Id("events", number), "events", 0, 1 + 2 + 3, 1);
            yield return new(Id("parent", number), "parent", number, 2 * ((2 * number) + 2), 1 + (2 * 3));
            yield return new(Id("rounds", number), "rounds", number, number + Generations, Generations + 1);
        }
    }

    public DurableRegistry Registry() => new DurableRegistry()
        .AddActivity(Effect, _ => new EffectActivity(effects, longest, time))
        .AddOrchestration(Sequence, () => new Code<int, int>(SequenceAsync))
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

    private static async Task<int> SequenceAsync(OrchestrationContext context, int number)
    {
        number = await context.CallActivityAsync(Effect, number) + 1;
        number = await context.CallActivityAsync(Effect, number) + 1;
        return await context.CallActivityAsync(Effect, number) + 1;
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

    /// <summary>Writes its delivery down, then takes a moment that depends on the number, and gives the number.</summary>
    private sealed class EffectActivity(EffectsFile effects, TimeSpan longest, TimeProvider time) : Activity<int, int>
    {
        public override async Task<int> RunAsync(ActivityContext context, int input, CancellationToken cancellation)
        {
            effects.Append(new Delivery(context.IdempotencyKey.Text, context.InstanceId.Text, time.GetUtcNow()));
            if (input % 4 != 0)
            {
                await Task.Delay(longest * (input % 4) / 4, TimeProvider.System, cancellation);
            }

            return input;
        }
    }
}
