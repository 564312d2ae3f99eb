using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Hosting.Functions;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable;

/// <summary>How orders get from a tenant's outbox to the hub.</summary>
public sealed class CarryOrdersTests
{
    private static readonly TenantId Tenant = TenantId.Parse("practice-here");
    private static readonly InstanceId Loop = InstanceId.For(Tenant, "loop");
    private static readonly EventName<string> Nudge = new("nudged");
    private readonly MemoryQueue queue = new(Tenant, new Lock(), new SteadyClock(TimeProvider.System));
    private readonly List<string> raised = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_that_say_the_same_to_one_instance_are_carried_side_by_side()
    {
        Put("1", "news");
        Put("2", "news");
        Put("3", "news");
        var all = new TaskCompletionSource<RaiseOutcome>();
        var hub = new HubOfTest
        {
            Raising = request =>
            {
                raised.Add(request.Delivery.ToString());
                if (raised.Count == 3)
                {
                    all.SetResult(RaiseOutcome.Raised);
                }

                return all.Task;
            },
        };

        await new CarryOrders(hub).RunAsync(queue, Cancellation);

        Assert.Equal(3, raised.Distinct().Count());
        Assert.Equal(0, await queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    [Fact]
    public async Task Orders_that_merge_are_carried_as_one_and_all_leave_the_outbox()
    {
        Put("1", "news", merges: true);
        Put("2", "news", merges: true);
        Put("3", "other news", merges: true);
        var hub = Answering(RaiseOutcome.Raised);

        await new CarryOrders(hub).RunAsync(queue, Cancellation);

        Assert.Equal(["\"news\"", "\"other news\""], raised);
        Assert.Equal(0, await queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    [Fact]
    public async Task Orders_that_merge_all_stay_when_nobody_is_there_to_hear_them()
    {
        Put("1", "news", merges: true);
        Put("2", "news", merges: true);
        var hub = Answering(RaiseOutcome.NotFound);

        await new CarryOrders(hub).RunAsync(queue, Cancellation);

        Assert.Equal(2, await queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    [Fact]
    public async Task An_order_that_says_something_else_waits_for_those_before_it()
    {
        Put("1", "news");
        Put("2", "other news");
        var first = new TaskCompletionSource<RaiseOutcome>();
        var hub = new HubOfTest
        {
            Raising = request =>
            {
                raised.Add(request.Payload!);
                return raised.Count == 1 ? first.Task : Task.FromResult(RaiseOutcome.Raised);
            },
        };

        var carrying = new CarryOrders(hub).RunAsync(queue, Cancellation);
        Assert.Single(raised);
        first.SetResult(RaiseOutcome.Raised);
        await carrying;

        Assert.Equal(["\"news\"", "\"other news\""], raised);
    }

    [Fact]
    public async Task What_was_carried_leaves_the_outbox_although_an_order_behind_it_cannot_be_read()
    {
        Put("1", "news");
        queue.Enqueue(WorkflowOutbox.Queue, new QueueMessage("{"u8.ToArray(), "broken"));
        var hub = new HubOfTest { Raising = static _ => Task.FromResult(RaiseOutcome.Raised) };

        await Assert.ThrowsAsync<System.Text.Json.JsonException>(() => new CarryOrders(hub).RunAsync(queue, Cancellation));

        Assert.Equal(1, await queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    private HubOfTest Answering(RaiseOutcome outcome) => new()
    {
        Raising = request =>
        {
            raised.Add(request.Payload!);
            return Task.FromResult(outcome);
        },
    };

    private void Put(string id, string payload, bool merges = false)
    {
        var order = (Operation.Enqueue)WorkflowOutbox.Raise(Loop, Nudge, payload, id, merges);
        queue.Enqueue(order.Queue, order.Message);
    }
}
