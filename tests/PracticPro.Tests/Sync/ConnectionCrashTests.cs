using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

/// <summary>The program ends between two writes of connecting or disconnecting.</summary>
public sealed class ConnectionCrashTests
{
    private int writesLeft = int.MaxValue;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("Promise", "SYNC-1")]
    public async Task A_crash_while_connecting_leaves_nothing_or_everything_and_the_next_try_succeeds(int writes)
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider, IsOver);
        writesLeft = writes;
        await CrashingAsync(() => Turning.ConnectAsync(premises, "company-1"));
        writesLeft = int.MaxValue;
        await premises.CrashAsync();
        await Turning.StartAsync(premises, provider, IsOver);

        var known = await premises.Get<ListConnections>().RunAsync(premises.Tenant, Cancellation);
        var scope = await premises.ScopeAsync();
        foreach (var row in known)
        {
            Assert.NotNull(await scope.FindAsync(SyncKinds.Tokens, row.Connection.Id.Text, Cancellation));
        }

        var id = (await Turning.ConnectAsync(premises, "company-1")).Expect();
        Assert.Single(await premises.Get<ListConnections>().RunAsync(premises.Tenant, Cancellation));
        Assert.Equal(
            new FleetEntry(premises.Tenant, id.Text),
            await AccountDirectory.FindAsync(premises.Get<FleetDirectory>(), TurningConnector.Name, "company-1", Cancellation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Trait("Promise", "CON-3")]
    public async Task A_crash_while_disconnecting_still_ends_with_the_grant_given_back_and_no_token(int writes)
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider, IsOver);
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        await premises.SettleAsync();
        writesLeft = writes;
        await CrashingAsync(async () =>
        {
            await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation);
            await Premises.UntilAsync(() => writesLeft <= 0);
        });
        await premises.CrashAsync();
        writesLeft = int.MaxValue;
        await Turning.StartAsync(premises, provider, IsOver);

        await premises.PassUntilAsync(
            async () => await premises.TokensAsync() is null, TimeSpan.FromMinutes(1), most: 60);
        await premises.SettleAsync();
        Assert.InRange(provider.Revocations, 1, 2);
        Assert.Equal((ConnectionState.Disconnected, GivenBack.Revoked), await EndedAsync(premises));
        Assert.Single(await premises.LeavesAsync(AuditAct.GrantGivenBack));
        Assert.Null(await AccountDirectory.FindAsync(premises.Get<FleetDirectory>(), TurningConnector.Name, "company-1", Cancellation));
    }

    private static async Task<(ConnectionState, GivenBack?)> EndedAsync(Premises premises)
    {
        var connection = await premises.ConnectionAsync();
        return (connection.State, connection.GivenBack);
    }

    private bool IsOver() => Interlocked.Decrement(ref writesLeft) < 0;

    private static async Task CrashingAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (StorageUnavailableException)
        {
            // Power went.
        }
    }
}
