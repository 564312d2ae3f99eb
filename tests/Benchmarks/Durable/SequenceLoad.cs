using PracticPro.Durable;

namespace PracticPro.Benchmarks.Durable;

/// <summary>Three activities, one after another.</summary>
internal sealed class SequenceLoad(int instances) : DurableLoad(instances)
{
    protected override OrchestrationName<int, int> Name { get; } = new("sequence");

    /// <summary>Each instance is waited for as soon as it was started, as a caller would.</summary>
    public override Task RunAsync(HubClient client, Func<Task> whenIdle, CancellationToken cancellation) =>
        Task.WhenAll(Numbers.Select(async number =>
        {
            await StartAsync(client, number, cancellation);
            await EndAsync(client, number, cancellation);
        }));

    protected override void Add(DurableRegistry registry) => registry.AddOrchestration(Name, static () => new ThreeInSequence());

    protected override int ResultOf(int number) => number + 3;

    private sealed class ThreeInSequence : Orchestration<int, int>
    {
        public override async Task<int> RunAsync(OrchestrationContext context, int input)
        {
            input = await context.CallActivityAsync(AddOne, input);
            input = await context.CallActivityAsync(AddOne, input);
            return await context.CallActivityAsync(AddOne, input);
        }
    }
}
