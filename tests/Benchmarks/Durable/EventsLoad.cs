using PracticPro.Durable;

namespace PracticPro.Benchmarks.Durable;

/// <summary>Waits for an event and gives its payload. The first is raised when every instance waits.</summary>
internal sealed class EventsLoad(int instances) : DurableLoad(instances)
{
    private static readonly EventName<int> Go = new("go");

    protected override OrchestrationName<int, int> Name { get; } = new("events");

    public override async Task RunAsync(HubClient client, Func<Task> whenIdle, CancellationToken cancellation)
    {
        await Task.WhenAll(Numbers.Select(number => StartAsync(client, number, cancellation)));
        await whenIdle();
        await Task.WhenAll(Numbers.Select(number => RaiseAsync(client, number, cancellation)));
        await Task.WhenAll(Numbers.Select(number => EndAsync(client, number, cancellation)));
    }

    protected override void Add(DurableRegistry registry) => registry.AddOrchestration(Name, static () => new Waiting());

    protected override int ResultOf(int number) => number + 1;

    private static async Task RaiseAsync(HubClient client, int number, CancellationToken cancellation) =>
        await client.RaiseEventAsync(IdOf(number), Go, number + 1, DeliveryId.Parse("go"), cancellation);

    private sealed class Waiting : Orchestration<int, int>
    {
        public override Task<int> RunAsync(OrchestrationContext context, int input) =>
            context.WaitForExternalEvent(Go, CancellationToken.None);
    }
}
