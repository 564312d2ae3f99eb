using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

/// <summary>Tokens at a provider that gives a new refresh token each time and punishes the second use of an old one.</summary>
[Trait("Promise", "CON-2")]
public sealed class TokenRenewalTests
{
    private bool storeIsAway;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_callers_in_five_processes_make_one_exchange_and_the_last_token_is_the_stored_one()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        var exchanges = provider.Exchanges;
        provider.ExpireAccess();
        var processes = Enumerable.Range(0, 5).Select(_ => Process(premises)).ToList();
        var connector = premises.Get<TurningConnector>();
        var calling = Task.WhenAll(Enumerable.Range(0, 50).Select(at => connector.CallAsync(processes[at % 5], Cancellation)));
        await TickAsync(premises, calling);

        Assert.All(await calling, outcome => Assert.Null(outcome.Failure));
        Assert.Equal(exchanges + 1, provider.Exchanges);
        Assert.False(provider.IsStolen);
        Assert.Equal(provider.Refresh, (await TokensAsync(premises)).Refresh);
    }

    [Fact]
    public async Task A_caller_who_goes_away_in_the_middle_takes_no_token_along()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.ExpireAccess();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        provider.BeforeAnswer = patience.CancelAsync;
        var connector = premises.Get<TurningConnector>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connector.CallAsync(Process(premises), patience.Token));

        provider.BeforeAnswer = null;
        Assert.Null((await connector.CallAsync(Process(premises), Cancellation)).Failure);
        Assert.False(provider.IsStolen);
    }

    [Fact]
    public async Task Tokens_that_the_store_did_not_take_are_put_away_by_the_next_call()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.ExpireAccess();
        provider.BeforeAnswer = () =>
        {
            storeIsAway = true;
            return Task.CompletedTask;
        };
        var (connector, process) = (premises.Get<TurningConnector>(), Process(premises));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => connector.CallAsync(process, Cancellation));

        (storeIsAway, provider.BeforeAnswer) = (false, null);
        premises.Clock.Advance(TimeSpan.FromMinutes(1));
        var exchanges = provider.Exchanges;
        Assert.Null((await connector.CallAsync(process, Cancellation)).Failure);
        Assert.Equal(exchanges, provider.Exchanges);
        Assert.Equal(provider.Refresh, (await TokensAsync(premises)).Refresh);
    }

    [Fact]
    public async Task A_grant_that_ended_is_told_with_the_refusal_and_one_click_mends_it()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.Revoke();
        var refused = premises.Clock.GetUtcNow();
        Assert.IsType<SyncFailures.GrantDead>(
            (await premises.Get<TurningConnector>().CallAsync(Process(premises), Cancellation)).Failure);

        var told = Assert.Single(await premises.Get<ListNotices>().RunAsync(premises.Tenant, Cancellation));
        Assert.Equal((premises.Connection, "grant-dead"), (told.Connection, told.Because));
        Assert.InRange(told.At - refused, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal(ConnectionState.NeedsReconnect, (await premises.ConnectionAsync()).State);

        Assert.Equal(premises.Connection, (await ConnectAsync(premises)).Expect());
        Assert.Empty(await premises.Get<ListNotices>().RunAsync(premises.Tenant, Cancellation));
    }

    [Fact]
    public async Task A_renewal_that_was_cut_off_by_a_crash_is_told_as_that()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.ExpireAccess();
        provider.Answer(200, """{"access_token":"never-stored","refresh_token":"never-stored"}""");
        provider.BeforeAnswer = () =>
        {
            storeIsAway = true;
            return Task.CompletedTask;
        };
        var connector = premises.Get<TurningConnector>();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => connector.CallAsync(Process(premises), Cancellation));
        (storeIsAway, provider.BeforeAnswer) = (false, null);
        provider.Revoke();
        premises.Clock.Advance(TimeSpan.FromMinutes(1));

        // Another process: what the first one still had is gone with it.
        Assert.IsType<SyncFailures.GrantDead>((await connector.CallAsync(Process(premises), Cancellation)).Failure);
        Assert.Equal("renewal-cut-off", (await premises.ConnectionAsync()).LostBecause);
    }

    [Fact]
    public async Task A_refused_program_costs_no_connection()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.ExpireAccess();
        provider.Answer(401, """{"error":"invalid_client","error_codes":[7000222]}""");
        var (connector, process) = (premises.Get<TurningConnector>(), Process(premises));
        Assert.IsType<SyncFailures.ClientRefused>((await connector.CallAsync(process, Cancellation)).Failure);
        Assert.Equal(ConnectionState.Active, (await premises.ConnectionAsync()).State);
        Assert.Empty(await premises.Get<ListNotices>().RunAsync(premises.Tenant, Cancellation));

        premises.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null((await connector.CallAsync(process, Cancellation)).Failure);
    }

    [Theory]
    [InlineData(500, """{"error":"invalid_grant"}""")]
    [InlineData(503, "")]
    [InlineData(400, """{"error":"invalid_request"}""")]
    [InlineData(400, "not even json")]
    public async Task A_passing_trouble_is_not_hammered_and_costs_nothing(int status, string body)
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.ExpireAccess();
        provider.Answer(status, body);
        var (connector, process) = (premises.Get<TurningConnector>(), Process(premises));
        Assert.NotNull((await connector.CallAsync(process, Cancellation)).Failure);
        var exchanges = provider.Exchanges;
        Assert.IsType<SyncFailures.RateLimited>((await connector.CallAsync(process, Cancellation)).Failure);
        Assert.Equal(exchanges, provider.Exchanges);

        premises.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null((await connector.CallAsync(process, Cancellation)).Failure);
        Assert.Equal(ConnectionState.Active, (await premises.ConnectionAsync()).State);
    }

    [Fact]
    public async Task Tokens_that_were_stored_while_the_provider_refused_the_old_ones_are_not_lost()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        provider.ExpireAccess();
        provider.Answer(400, """{"error":"invalid_grant"}""");
        provider.BeforeAnswer = async () =>
        {
            provider.BeforeAnswer = null;
            var scope = await premises.ScopeAsync();
            var known = await scope.FindAsync(SyncKinds.Tokens, premises.Connection.Text, Cancellation);
            using var anew = new Grant(
                new SecretBytes("access-anew"u8), new SecretBytes("refresh-anew"u8), known!.Value.AccessExpiresAt, []);
            await scope.CommitAsync(TokenShelf.Keep(scope, premises.Connection, anew, Condition.Any), Cancellation);
        };
        await premises.Get<TurningConnector>().CallAsync(Process(premises), Cancellation);
        Assert.Equal(ConnectionState.Active, (await premises.ConnectionAsync()).State);
        Assert.Empty(await premises.LeavesAsync(AuditAct.ConnectionLost));
    }

    private async Task<Premises> ConnectedAsync(TurningProvider provider)
    {
        var premises = await Turning.OpenAsync(provider, () => storeIsAway);
        await premises.KeepAsync(ConnectAsync(premises));
        return premises;
    }

    private static Task<Outcome<ConnectionId>> ConnectAsync(Premises premises) => Turning.ConnectAsync(premises, "company-1");

    /// <summary>As another process would have it: nothing in memory is shared.</summary>
    private static IAccessTokens Process(Premises premises)
    {
        var scopes = premises.Get<TenantScopes>();
        var renew = new RenewTokens(scopes, premises.Get<OAuthGrants>(), premises.Clock);
        return new AccessTokens(scopes, renew, new EgressOptions(), premises.Clock)
            .For(premises.Tenant, premises.Connection, premises.Get<TurningConnector>());
    }

    /// <summary>Lets the clock run while something waits for it.</summary>
    private static async Task TickAsync(Premises premises, Task running)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!running.IsCompleted)
        {
            premises.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Deadline.MomentAsync(patience.Token);
        }
    }

    private static async Task<(string Access, string Refresh)> TokensAsync(Premises premises) =>
        (await premises.TokensAsync())!.Value;
}
