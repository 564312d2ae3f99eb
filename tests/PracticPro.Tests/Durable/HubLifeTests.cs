using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>What clients can do to an instance, on the embedded hub.</summary>
public sealed class HubLifeTests
{
    private static readonly OrchestrationName<int, int> Waiting = new("waiting");
    private static readonly OrchestrationName<int, int> Rounds = new("rounds");
    private static readonly OrchestrationName<int, int> Quick = new("quick");
    private static readonly EventName<int> Go = new("go");
    private static readonly InstanceId One = InstanceId.Parse("one");

    [Fact]
    public async Task A_delivery_id_is_remembered_for_seven_days_and_after_a_purge()
    {
        await using var hub = TestHub.OnDisk(Fill);
        await StartAsync(hub, Waiting, "one", 1);
        await RaiseAsync(hub, 5, "d1");
        await hub.EndAsync(One);
        await hub.Client.PurgeAsync(One, TestHub.Cancellation);
        await hub.AdvanceAsync(TimeSpan.FromDays(6.9));
        await hub.ReopenAsync();
        Assert.Equal(RaiseOutcome.Raised, await RaiseAsync(hub, 5, "d1"));
        await hub.AdvanceAsync(TimeSpan.FromDays(0.3));
        Assert.Equal(RaiseOutcome.NotFound, await RaiseAsync(hub, 5, "d1"));
    }

    [Fact]
    public async Task A_completed_instance_goes_after_its_retention()
    {
        await using var hub = TestHub.InMemory(Fill, options => options.Retention = TimeSpan.FromDays(2));
        await hub.RunAsync(Quick, 1);
        await hub.AdvanceAsync(TimeSpan.FromDays(1.9));
        Assert.NotNull(await hub.Client.GetStatusAsync(One, TestHub.Cancellation));
        await hub.AdvanceAsync(TimeSpan.FromDays(0.2));
        Assert.Null(await hub.Client.GetStatusAsync(One, TestHub.Cancellation));
    }

    [Fact]
    public async Task Instances_are_listed_in_pages_by_status_and_prefix()
    {
        await using var hub = TestHub.InMemory(Fill);
        for (var number = 0; number < 5; number++)
        {
            await StartAsync(hub, Waiting, $"acme:w{number}", 1);
        }

        await StartAsync(hub, Waiting, "other:w", 1);
        await hub.RunAsync(Quick, 1, "acme:q");
        await hub.IdleAsync();
        var query = new InstanceQuery(OrchestrationStatus.Running, "acme:", PageSize: 3);
        var first = await hub.Client.ListAsync(query, null, TestHub.Cancellation);
        var second = await hub.Client.ListAsync(query, first.Next, TestHub.Cancellation);
        Assert.Equal(
            ["acme:w0", "acme:w1", "acme:w2", "acme:w3", "acme:w4"],
            first.Items.Concat(second.Items).Select(item => item.Instance.Text));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Concurrent_rounds_all_come_to_their_end()
    {
        await using var hub = TestHub.InMemory(Fill, options => options.CachedInstances = 3);
        var ends = Enumerable.Range(0, 20).Select(async instance =>
        {
            var id = $"r{instance}";
            await StartAsync(hub, Rounds, id, 0);
            for (var number = 1; number <= 50; number++)
            {
                await RaiseAsync(hub, number, $"d{number}", id);
            }

            return (await hub.EndAsync(InstanceId.Parse(id))).Output;
        });
        Assert.All(await Task.WhenAll(ends), output => Assert.Equal("1275", output));
    }

    [Fact]
    public async Task A_flood_of_events_is_taken_in_order_over_many_turns()
    {
        await using var hub = TestHub.InMemory(
            registry => registry.Code(Waiting, async (context, count) =>
            {
                var inOrder = 0;
                for (var number = 0; number < count; number++)
                {
                    inOrder += await context.WaitForExternalEvent(Go, CancellationToken.None) == number ? 1 : 0;
                }

                return inOrder;
            }),
            options => options.CachedInstances = 0);
        await StartAsync(hub, Waiting, "one", 1_000);
        await hub.Client.SuspendAsync(One, "gather", TestHub.Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(number => RaiseAsync(hub, number, $"d{number}")));
        await hub.Client.ResumeAsync(One, "gathered", TestHub.Cancellation);
        Assert.Equal("1000", (await hub.EndAsync(One)).Output);
    }

    private static void Fill(DurableRegistry registry) => registry
        .Code(Quick, (_, input) => Task.FromResult(input))
        .Code(Waiting, async (context, count) =>
        {
            var sum = 0;
            for (var number = 0; number < count; number++)
            {
                sum += await context.WaitForExternalEvent(Go, CancellationToken.None);
            }

            return sum;
        })
        .Code(Rounds, async (context, sum) =>
        {
            // Ten generations of five events each, told apart by the sum of all before.
            for (var number = 0; number < 5; number++)
            {
                sum += await context.WaitForExternalEvent(Go, CancellationToken.None);
            }

            if (sum < 1275)
            {
                context.ContinueAsNew(sum);
            }

            return sum;
        });

    private static async Task StartAsync(TestHub hub, OrchestrationName<int, int> name, string id, int input) =>
        Assert.Equal(
            StartOutcome.Started,
            await hub.Client.StartAsync(name, InstanceId.Parse(id), input, TestHub.Cancellation));

    private static async Task<RaiseOutcome> RaiseAsync(TestHub hub, int payload, string delivery, string id = "one") =>
        await hub.Client.RaiseEventAsync(
            InstanceId.Parse(id), Go, payload, DeliveryId.Parse(delivery), TestHub.Cancellation);
}
