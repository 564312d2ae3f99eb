using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>Several providers and several accounts in one practice.</summary>
public sealed class ManyProvidersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_practice_has_several_accounts_at_several_providers()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider);
        var one = (await Turning.ConnectAsync(premises, "company-1")).Expect();
        premises.Clock.Advance(TimeSpan.FromSeconds(1));
        var two = (await Turning.ConnectAsync(premises, "company-2")).Expect();
        premises.Clock.Advance(TimeSpan.FromSeconds(1));
        var mail = (await premises.ConnectAsync()).Expect();
        var rows = await premises.Get<ListConnections>().RunAsync(premises.Tenant, Cancellation);
        Assert.Equal([one, two, mail], rows.Select(row => row.Connection.Id));
        Assert.Equal(["Company company-1", "Company company-2", Outside.Mailbox], rows.Select(row => row.Connection.Account.Name));
    }

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task An_answer_that_comes_back_to_another_providers_address_connects_nothing()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider);
        var outcome = await Turning.ConnectAsync(premises, "company-1", at: "google");
        Assert.IsType<SyncFailures.ConnectAttemptUnknown>(outcome.Failure);
        Assert.Equal(0, provider.Exchanges);
    }

    [Fact]
    public async Task A_provider_that_is_not_set_up_says_which_settings_are_missing()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        await premises.CrashAsync();
        await premises.StartAsync(replace: services => services
            .AddSingleton<IConnector>(made => new TurningConnector(made.GetRequiredService<PracticPro.Egress.EgressDoor>(), provider.Home)));
        var outcome = await premises.Get<StartConnection>().RunAsync(premises.Owner, TurningConnector.Name, Cancellation);
        Assert.Contains("Sync:Clients:turning:Id", Assert.IsType<SyncFailures.NotSetUp>(outcome.Failure).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_token_is_given_back_as_the_provider_wants_it_and_destroyed_here()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider);
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        await EndAsync(premises, premises.Connection);
        Assert.Equal(1, provider.Revocations);
        Assert.Equal(GivenBack.Revoked, (await premises.ConnectionAsync()).GivenBack);
        Assert.Null(await premises.TokensAsync());
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task Where_nothing_can_be_given_back_the_tokens_are_destroyed_and_the_owner_is_told()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider, canBeGivenBack: false);
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        await EndAsync(premises, premises.Connection);
        Assert.Equal(0, provider.Revocations);
        Assert.Equal(GivenBack.NotOffered, (await premises.ConnectionAsync()).GivenBack);
        Assert.Null(await premises.TokensAsync());
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_grant_that_would_take_another_one_with_it_is_given_back_with_the_last_of_them()
    {
        await using var premises = await SiblingsAsync();
        var mail = (await premises.ConnectAsync()).Expect();
        var sibling = (await ConnectSiblingAsync(premises)).Expect();
        await EndAsync(premises, mail);
        Assert.Equal(0, premises.Outside.Asked("POST /revoke"));
        Assert.Equal((GivenBack.KeptForAnother, false), await EndedAsync(premises, mail));
        Assert.Single(await premises.LeavesAsync(AuditAct.GrantGivenBack));

        await EndAsync(premises, sibling);
        Assert.Equal(1, premises.Outside.Asked("POST /revoke"));
        Assert.Equal((GivenBack.Revoked, false), await EndedAsync(premises, sibling));
    }

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task A_half_given_grant_is_not_given_back_when_a_good_one_would_go_with_it()
    {
        await using var premises = await SiblingsAsync();
        await premises.KeepAsync(premises.ConnectAsync());
        var outcome = await ConnectSiblingAsync(premises, consent => consent with { Ticked = [consent.Ticked[0]] });
        var differs = Assert.IsType<SyncFailures.ScopesDiffer>(outcome.Failure);
        Assert.Equal([GmailConnector.ComposeScope], differs.Missing);
        Assert.Empty(differs.Extra);
        Assert.Equal(0, premises.Outside.Asked("POST /revoke"));
        Assert.Equal(ConnectionState.Active, (await premises.ConnectionAsync()).State);
    }

    private static async Task<Premises> SiblingsAsync()
    {
        var premises = await Premises.OpenAsync(new() { Letters = 0 });
        await premises.CrashAsync();
        await premises.StartAsync(replace: services => services
            .AddSingleton<IConnector>(made => new Sibling(made.GetRequiredService<GmailConnector>())));
        return premises;
    }

    private static async Task<Outcome<ConnectionId>> ConnectSiblingAsync(Premises premises, Func<Consent, Consent>? change = null)
    {
        var page = (await premises.Get<StartConnection>().RunAsync(premises.Owner, Sibling.Name, Cancellation)).Expect();
        return await premises.Get<FinishConnection>().RunAsync(premises.Owner, await Outside.ConsentAsync(page, change), Cancellation);
    }

    private static async Task EndAsync(Premises premises, ConnectionId connection)
    {
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, connection, Cancellation)).Expect();
        await premises.SettleAsync();
    }

    private static async Task<(GivenBack? How, bool HasTokens)> EndedAsync(Premises premises, ConnectionId id)
    {
        var scope = await premises.ScopeAsync();
        var stored = await scope.FindAsync(SyncKinds.Connection, id.Text, Cancellation);
        return (stored!.Value.GivenBack, await scope.FindAsync(SyncKinds.Tokens, id.Text, Cancellation) is not null);
    }

    /// <summary>Another product of Google's, for the same people.</summary>
    private sealed class Sibling(GmailConnector gmail) : IConnector
    {
        public static readonly Provider Name = Provider.Parse("google-sibling");

        public Provider Provider => Name;

        public string Title => "Another product";

        public OAuthTerms Terms => gmail.Terms;

        public IChannels? Channels => null;

        public Task<Outcome<ConnectedAccount>> IdentifyAsync(
            IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation) =>
            gmail.IdentifyAsync(tokens, callback, cancellation);

        public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
            Task.FromResult(new Outcome<ImmutableArray<StreamName>>(new SyncFailures.ProviderDown()));

        public IStreamSource Source(ConnectorScope scope, StreamName stream) => throw new NotSupportedException();
    }
}
