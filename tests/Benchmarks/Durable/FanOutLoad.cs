using PracticPro.Durable;

namespace PracticPro.Benchmarks.Durable;

/// <summary>Fifty activities at once, and the sum of their answers.</summary>
internal sealed class FanOutLoad(int instances) : DurableLoad(instances)
{
    private const int Width = 50;

    protected override OrchestrationName<int, int> Name { get; } = new("fan-out");

    protected override void Add(DurableRegistry registry) => registry.AddOrchestration(Name, static () => new Fifty());

    protected override int ResultOf(int number) => Width * (number + 1);

    private sealed class Fifty : Orchestration<int, int>
    {
        public override async Task<int> RunAsync(OrchestrationContext context, int input)
        {
            var calls = Enumerable.Range(0, Width).Select(_ => context.CallActivityAsync(AddOne, input));
            return (await Task.WhenAll(calls)).Sum();
        }
    }
}
