using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Sandbox.Faults;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task A_grant_with_fewer_permissions_than_asked_is_refused_and_given_back()
    {
        await using var premises = await Premises.OpenAsync();
        var outcome = await premises.ConnectAsync(consent => consent with { Ticked = [consent.Ticked[0]] });
        Assert.IsType<SyncFailures.ScopesDiffer>(outcome.Failure);
        Assert.Equal(1, premises.Outside.Asked("POST /revoke"));
        Assert.Empty(await premises.Get<ListConnections>().RunAsync(premises.Tenant, Cancellation));
    }

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task A_grant_with_more_permissions_than_asked_is_refused_and_given_back()
    {
        await using var premises = await Premises.OpenAsync();
        var page = (await premises.Get<StartConnection>().RunAsync(premises.Owner, GmailConnector.Name, Cancellation)).Expect();
        var wider = new Uri(page.ToString().Replace(
            "scope=", $"scope={Uri.EscapeDataString("https://www.googleapis.com/auth/gmail.modify")}%20", StringComparison.Ordinal));
        var answer = await Outside.ConsentAsync(wider);
        var outcome = await premises.Get<FinishConnection>().RunAsync(premises.Owner, answer, Cancellation);
        Assert.IsType<SyncFailures.ScopesDiffer>(outcome.Failure);
        Assert.Equal(1, premises.Outside.Asked("POST /revoke"));
    }

    [Fact]
    public async Task A_denied_consent_connects_nothing()
    {
        await using var premises = await Premises.OpenAsync();
        var outcome = await premises.ConnectAsync(consent => consent with { Allows = false });
        Assert.IsType<SyncFailures.ConsentDenied>(outcome.Failure);
    }

    [Fact]
    public async Task A_connect_attempt_works_once()
    {
        await using var premises = await Premises.OpenAsync();
        var answer = await AnswerAsync(premises);
        var finish = premises.Get<FinishConnection>();
        (await finish.RunAsync(premises.Owner, answer, Cancellation)).Expect();
        Assert.IsType<SyncFailures.ConnectAttemptUnknown>((await finish.RunAsync(premises.Owner, answer, Cancellation)).Failure);
    }

    [Fact]
    public async Task A_connect_attempt_ends_in_the_session_it_began_in_or_not_at_all()
    {
        await using var premises = await Premises.OpenAsync();
        var answer = await AnswerAsync(premises);
        var elsewhere = await premises.SignInAsync("owner@practice.example");
        var outcome = await premises.Get<FinishConnection>().RunAsync(elsewhere, answer, Cancellation);
        Assert.IsType<SyncFailures.ConnectAttemptUnknown>(outcome.Failure);
    }

    [Fact]
    public async Task A_connect_attempt_is_good_for_ten_minutes()
    {
        await using var premises = await Premises.OpenAsync();
        var answer = await AnswerAsync(premises);
        premises.Clock.Advance(ConnectAttempt.Lifetime);
        var outcome = await premises.Get<FinishConnection>().RunAsync(premises.Owner, answer, Cancellation);
        Assert.IsType<SyncFailures.ConnectAttemptUnknown>(outcome.Failure);
    }

    [Fact]
    public async Task A_made_up_code_connects_nothing()
    {
        await using var premises = await Premises.OpenAsync();
        var answer = await AnswerAsync(premises);
        var outcome = await premises.Get<FinishConnection>().RunAsync(premises.Owner, answer with { Code = "4/made-up" }, Cancellation);
        Assert.IsType<SyncFailures.ConnectAttemptUnknown>(outcome.Failure);
    }

    [Fact]
    public async Task A_mailbox_connected_to_one_practice_cannot_be_connected_to_another()
    {
        await using var premises = await Premises.ConnectedAsync();
        var other = await premises.FoundAsync("Second Practice", "owner@second-practice.example");
        var outcome = await Outside.ConnectAsync(premises, other, null);
        Assert.IsType<SyncFailures.MailboxTaken>(outcome.Failure);
        Assert.Equal(0, premises.Outside.Asked("POST /revoke"));
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_revoked_grant_is_noticed_and_a_new_one_goes_on_where_the_old_one_ended()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.World.Grants.RevokeAccount(Outside.Mailbox);
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        var lost = await premises.ConnectionAsync();
        Assert.Equal((ConnectionState.NeedsReconnect, "grant-dead"), (lost.State, lost.LostBecause));
        Assert.Single(await premises.LeavesAsync(AuditAct.ConnectionLost));

        var listed = premises.Outside.Asked("GET /gmail/v1/users/{userId}/messages");
        Assert.Equal(premises.Connection, (await premises.ConnectAsync()).Expect());
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
        Assert.Equal(1, (await premises.CursorAsync()).Generation);
        Assert.Equal(listed + 1, premises.Outside.Asked("GET /gmail/v1/users/{userId}/messages"));
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_reconnect_before_the_loop_noticed_the_loss_leaves_exactly_one_loop()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        var asked = premises.Outside.Asked("/history");
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));
    }

    [Fact]
    public async Task A_missing_permission_asks_for_a_new_consent_and_is_not_retried()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.Fail("/history$", FaultKind.Status, "insufficientPermissions");
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        var lost = await premises.ConnectionAsync();
        Assert.Equal((ConnectionState.NeedsReconnect, "scope-missing"), (lost.State, lost.LostBecause));
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public async Task Fifty_callers_with_a_dead_token_make_one_exchange()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.World.Grants.ExpireAccess(null);
        var before = premises.Outside.Refreshes;
        var mailbox = premises.Get<GmailMailboxes>().Of(premises.Tenant, premises.Connection);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => mailbox.ProfileAsync(Cancellation)));
        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded));
        Assert.Equal(before + 1, premises.Outside.Refreshes);
        var stored = (await premises.TokensAsync())!.Value;
        Assert.NotNull(premises.Outside.World.Grants.Check(stored.AccessToken));
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public async Task Fifty_callers_with_a_token_past_its_time_make_one_exchange()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Clock.Advance(TimeSpan.FromHours(2));
        var mailbox = premises.Get<GmailMailboxes>().Of(premises.Tenant, premises.Connection);
        var before = premises.Outside.Refreshes;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => mailbox.ProfileAsync(Cancellation)));
        Assert.InRange(premises.Outside.Refreshes - before, 0, 1);
    }

    [Fact]
    public async Task Trouble_at_the_token_endpoint_does_not_cost_the_connection()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.World.Grants.ExpireAccess(null);
        premises.Outside.Fail("^/token$", FaultKind.Status, "backendError", times: 2);
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ConnectionState.Active, (await premises.ConnectionAsync()).State);
        await premises.PassUntilAsync(premises.IsInStepAsync, most: 30);
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_disconnect_revokes_the_grant_stops_the_watch_and_deletes_the_tokens()
    {
        await using var premises = await Premises.ConnectedAsync(new() { PushTopic = "projects/p/topics/gmail" });
        var tokens = (await premises.TokensAsync())!.Value;
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.SettleAsync();
        Assert.Null(await premises.TokensAsync());
        Assert.Null(premises.Outside.World.Grants.Check(tokens.AccessToken));
        Assert.Null(premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!.Watch);
        Assert.Equal(ConnectionState.Disconnected, (await premises.ConnectionAsync()).State);
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_disconnected_mailbox_is_not_read_any_more()
    {
        await using var premises = await Premises.ConnectedAsync();
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.SettleAsync();
        var asked = premises.Outside.Asked("/gmail/");
        (await premises.PushAsync()).Expect();
        await premises.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(asked, premises.Outside.Asked("/gmail/"));
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task The_tokens_are_deleted_even_when_the_provider_never_answers()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.Fail("^/revoke$", FaultKind.Status, "backendError", times: 0);
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.PassUntilAsync(
            async () => await premises.TokensAsync() is null, TimeSpan.FromMinutes(1), most: 120);
    }

    [Fact]
    public async Task A_reconnect_waits_until_the_last_disconnect_is_finished()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.Fail("^/revoke$", FaultKind.Status, "backendError", times: 2);
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.SettleAsync();
        Assert.IsType<SyncFailures.StillDisconnecting>((await premises.ConnectAsync()).Failure);

        await premises.PassUntilAsync(async () => await premises.TokensAsync() is null, most: 60);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_grant_that_went_with_the_one_before_it_is_not_kept(bool isUnderWay)
    {
        await using var premises = await Premises.ConnectedAsync();
        async Task EndAsync() =>
            (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        if (isUnderWay)
        {
            premises.Outside.Fail("^/revoke$", FaultKind.Status, "backendError");
            await EndAsync();
            await premises.SettleAsync();
        }

        var page = (await premises.Get<StartConnection>().RunAsync(premises.Owner, GmailConnector.Name, Cancellation)).Expect();
        var answer = await Outside.ConsentAsync(page);
        var book = new ConnectorBook([new Identified(premises.Get<GmailConnector>(), async () =>
        {
            await (isUnderWay ? Task.CompletedTask : EndAsync());
            await premises.PassUntilAsync(async () => await premises.TokensAsync() is null, most: 60);
        })]);
        var fleet = premises.Get<FleetDirectory>();
        var finish = new FinishConnection(
            premises.Get<TenantScopes>(), book, fleet, premises.Get<OAuthGrants>(), new SharedGrants(book, fleet), premises.Clock);

        Assert.IsType<SyncFailures.StillDisconnecting>((await finish.RunAsync(premises.Owner, answer, Cancellation)).Failure);

        // By the disconnect, twice where it failed at first, and for what was not kept.
        Assert.Equal(isUnderWay ? 3 : 2, premises.Outside.Asked("POST /revoke"));
        Assert.Equal(ConnectionState.Disconnected, (await premises.ConnectionAsync()).State);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_late_deletion_takes_nothing_from_who_connected_again()
    {
        await using var premises = await Premises.ConnectedAsync();
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.PassUntilAsync(async () => await premises.TokensAsync() is null, most: 60);
        await premises.SettleAsync();
        var ended = await premises.ConnectionAsync();
        var isAgain = false;
        var stepped = new SteppedFleet(premises.Get<IFleet>(), async (_, writes) =>
        {
            if (writes && !isAgain)
            {
                isAgain = true;
                await premises.KeepAsync(premises.ConnectAsync());
            }
        });
        var late = new GiveBackGrant.Forget(
            premises.Get<TenantScopes>(), new FleetDirectory(stepped, premises.Get<PlatformKeys>()));
        var context = new ActivityContext(GiveBackGrant.InstanceOf(premises.Tenant, ended), new IdempotencyKey("late"), 1);
        var input = new GiveBackGrant.Input(premises.Tenant, ended.Id, ended.Grant);

        await Assert.ThrowsAsync<StepFailedException>(() => late.RunAsync(context, input, Cancellation));
        await late.RunAsync(context, input, Cancellation);

        Assert.Equal(ended.Id, premises.Connection);
        Assert.NotNull(await premises.TokensAsync());
        Assert.Equal(
            new FleetEntry(premises.Tenant, ended.Id.Text),
            await AccountDirectory.FindAsync(premises.Get<FleetDirectory>(), ended.Provider, ended.Account.Key, Cancellation));
    }

    [Fact]
    public async Task A_second_disconnect_is_told_that_it_is_over()
    {
        await using var premises = await Premises.ConnectedAsync();
        var end = premises.Get<EndConnection>();
        (await end.RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        Assert.IsType<SyncFailures.NotConnected>((await end.RunAsync(premises.Owner, premises.Connection, Cancellation)).Failure);
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public async Task No_token_lies_readable_in_the_folder()
    {
        await using var premises = await Premises.ConnectedAsync();
        var tokens = (await premises.TokensAsync())!.Value;
        await premises.CrashAsync();
        premises.AssertNowhereInFolder(tokens.AccessToken, tokens.RefreshToken);
    }

    [Fact]
    public void Every_pair_of_state_and_move_is_decided()
    {
        (ConnectionState From, ConnectionMove Move, ConnectionState To)[] allowed =
        [
            (ConnectionState.Active, ConnectionMove.Lose, ConnectionState.NeedsReconnect),
            (ConnectionState.Active, ConnectionMove.Reconnect, ConnectionState.Active),
            (ConnectionState.Active, ConnectionMove.Disconnect, ConnectionState.Disconnected),
            (ConnectionState.NeedsReconnect, ConnectionMove.Reconnect, ConnectionState.Active),
            (ConnectionState.NeedsReconnect, ConnectionMove.Disconnect, ConnectionState.Disconnected),
            (ConnectionState.Disconnected, ConnectionMove.Reconnect, ConnectionState.Active),
        ];
        var pairs = from state in Enum.GetValues<ConnectionState>()
                    from move in Enum.GetValues<ConnectionMove>()
                    select (state, move);
        Assert.All(pairs, pair => Assert.Equal(
            allowed.Where(one => one.From == pair.state && one.Move == pair.move).Select(one => (ConnectionState?)one.To).FirstOrDefault(),
            ConnectionTransitions.After(pair.state, pair.move)));
    }

    private static async Task<FinishConnection.Answer> AnswerAsync(Premises premises) =>
        await Outside.ConsentAsync((await premises.Get<StartConnection>().RunAsync(premises.Owner, GmailConnector.Name, Cancellation)).Expect());

    /// <summary>Gmail, and something else happens when it has said whose account it is.</summary>
    private sealed class Identified(GmailConnector gmail, Func<Task> afterwards) : IConnector
    {
        public Provider Provider => gmail.Provider;

        public string Title => gmail.Title;

        public OAuthTerms Terms => gmail.Terms;

        public IChannels? Channels => gmail.Channels;

        public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
            IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
        {
            var account = await gmail.IdentifyAsync(tokens, callback, cancellation);
            await afterwards();
            return account;
        }

        public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
            gmail.StreamsAsync(scope, cancellation);

        public IStreamSource Source(ConnectorScope scope, StreamName stream) => gmail.Source(scope, stream);
    }
}
