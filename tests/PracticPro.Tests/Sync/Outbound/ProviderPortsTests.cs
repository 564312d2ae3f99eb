using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Outbound;
using PracticPro.Sync.Published;
using PracticPro.Tests.Approvals;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Outbound;

/// <summary>A connection leads out by what its own provider has, and by nothing else.</summary>
public sealed class ProviderPortsTests
{
    private static readonly Provider Elsewhere = Provider.Parse("elsewhere");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_has_the_ways_out_of_its_provider()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var calendar = new MemoryCalendar();
        var ports = new ProviderPorts<IEventWriter>(
            [new ProviderPort<IEventWriter>(Elsewhere, calendar)], premises.Get<TenantScopes>());
        Assert.IsType<SyncFailures.NoSuchWayOut>((await ports.OfAsync(premises.Tenant, premises.Connection, Cancellation)).Failure);
        Assert.True((await premises.Get<IMailSender>().StandingAsync(premises.Tenant, premises.Connection, Cancellation)).Succeeded);

        await MoveAsync(premises);
        Assert.Same(calendar, (await ports.OfAsync(premises.Tenant, premises.Connection, Cancellation)).Expect());
        var sender = await premises.Get<IMailSender>().StandingAsync(premises.Tenant, premises.Connection, Cancellation);
        Assert.IsType<SyncFailures.NoSuchWayOut>(sender.Failure);
    }

    [Fact]
    public async Task A_connection_that_is_none_has_no_way_out()
    {
        await using var premises = await Premises.OpenAsync();
        var nowhere = ConnectionId.New(premises.Clock);
        var standing = await premises.Get<ITaskWriter>().StandingAsync(premises.Tenant, nowhere, Cancellation);
        Assert.IsType<SyncFailures.NoSuchConnection>(standing.Failure);
    }

    private static async Task MoveAsync(Premises premises)
    {
        var scope = await premises.ScopeAsync();
        var connection = (await premises.ConnectionAsync()) with { Provider = Elsewhere };
        Assert.IsType<CommitOutcome.Committed>(
            await scope.CommitAsync([scope.Put(SyncKinds.Connection, connection, Condition.Any)], Cancellation));
    }
}
