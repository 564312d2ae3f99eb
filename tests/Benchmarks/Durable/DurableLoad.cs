using PracticPro.Durable;
using ActivityContext = PracticPro.Durable.ActivityContext;

namespace PracticPro.Benchmarks.Durable;

/// <summary>A number of instances of one orchestration, each with a result that is known before.</summary>
internal abstract class DurableLoad(int instances)
{
    protected static readonly ActivityName<int, int> AddOne = new("add-one");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public int Instances => instances;

    public DurableRegistry Registry()
    {
        var registry = new DurableRegistry().AddActivity(AddOne, static _ => new AddOneActivity());
        Add(registry);
        return registry;
    }

    /// <summary>Starts all and returns when all are complete.</summary>
    /// <param name="whenIdle">Waits until nothing can go on by itself.</param>
    public virtual async Task RunAsync(HubClient client, Func<Task> whenIdle, CancellationToken cancellation)
    {
        await Task.WhenAll(Numbers.Select(number => StartAsync(client, number, cancellation)));
        await Task.WhenAll(Numbers.Select(number => EndAsync(client, number, cancellation)));
    }

    protected IEnumerable<int> Numbers => Enumerable.Range(0, instances);

    protected abstract OrchestrationName<int, int> Name { get; }

    protected static InstanceId IdOf(int number) => InstanceId.Parse($"bench-{number}");

    protected abstract void Add(DurableRegistry registry);

    protected abstract int ResultOf(int number);

    protected async Task StartAsync(HubClient client, int number, CancellationToken cancellation) =>
        await client.StartAsync(Name, IdOf(number), number, cancellation);

    protected async Task EndAsync(HubClient client, int number, CancellationToken cancellation)
    {
        var end = await client.WaitForCompletionAsync(IdOf(number), Patience, cancellation);
        if (end is null || HubClient.OutputOf(Name, end) != ResultOf(number))
        {
            throw new InvalidOperationException("An orchestration did not give its result.");
        }
    }

    private sealed class AddOneActivity : Activity<int, int>
    {
        public override Task<int> RunAsync(ActivityContext context, int input, CancellationToken cancellation) =>
            Task.FromResult(input + 1);
    }
}
