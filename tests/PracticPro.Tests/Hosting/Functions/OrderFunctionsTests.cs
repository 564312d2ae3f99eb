using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class OrderFunctionsTests
{
    private static readonly TenantId Tenant = TenantId.Parse("clinic");
    private static readonly OrchestrationName<int, int> Name = new("count");

    private readonly HubOfTest hub = new();
    private readonly MemoryStorage storage = new(new FakeClock());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ring_carries_all_of_that_tenants_orders_and_nobody_elses()
    {
        await OrderAsync(Tenant, 60);
        await OrderAsync(TenantId.Parse("other"), 1);

        await OrderFunctions.CarryAsync(new OrderFunctions.Ring(Tenant), hub, storage, Cancellation);

        Assert.Equal(60, hub.Started.Count);
        Assert.Equal(0, await storage.For(Tenant).Queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    [Fact]
    public async Task The_rounds_carry_what_no_ring_told_of()
    {
        await OrderAsync(Tenant, 1);
        await OrderAsync(TenantId.Parse("other"), 1);

        await OrderFunctions.MakeRoundsAsync(
            new TimerTick(false), hub, new Fleet(Tenant, TenantId.Parse("other")), storage, new RoundsMade(),
            NullLogger<RoundsMade>.Instance, Cancellation);

        Assert.Equal(2, hub.Started.Count);
    }

    [Fact]
    public async Task A_ring_that_was_given_up_is_counted_whatever_is_in_it()
    {
        var rounds = new RoundsMade();

        await OrderFunctions.CountLostAsync("not even JSON", rounds, NullLogger<RoundsMade>.Instance);

        Assert.Equal(2, rounds.CountLostRing());
    }

    [Fact]
    public void A_ring_holds_a_tenant_and_nothing_else() =>
        Assert.Equal("""{"tenant":"clinic"}""", JsonSerializer.Serialize(new OrderFunctions.Ring(Tenant), JsonShapes.Stored));

    private async Task OrderAsync(TenantId tenant, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var order = WorkflowOutbox.Start(Name, InstanceId.For(tenant, $"n{number}"), number, $"order-{number}");
            await storage.For(tenant).Documents.CommitAsync(new Batch([order]), Cancellation);
        }
    }

    private sealed class Fleet(params TenantId[] tenants) : IFleet
    {
        public IAsyncEnumerable<TenantId> TenantsAsync(CancellationToken cancellation) => tenants.ToAsyncEnumerable();

        public ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
