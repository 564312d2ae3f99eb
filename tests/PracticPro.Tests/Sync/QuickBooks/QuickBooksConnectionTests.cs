using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Kernel;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.QuickBooks;
using PracticPro.Sync.Webhooks;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.QuickBooks;

[Trait("Promise", "CON-1")]
public sealed class QuickBooksConnectionTests
{
    private const string AnotherRealm = "9341459999999999";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connecting_names_the_company_the_grant_opens()
    {
        await using var premises = await Premises.OpenAsync();

        var id = (await ConnectAsync(premises)).Expect();

        var connection = (await (await premises.ScopeAsync()).FindAsync(SyncKinds.Connection, id.Text, Ending))!.Value;
        Assert.Equal((QuickBooksWorld.DefaultRealm, "Harbour Clinic"), (connection.Account.Key, connection.Account.Name));
        Assert.Equal(ConnectionState.Active, connection.State);
        Assert.Equal(["com.intuit.quickbooks.accounting"], connection.Scopes);
    }

    [Theory]
    [InlineData(AnotherRealm)]
    [InlineData("../../v3/company/1")]
    [InlineData(null)]
    public async Task A_company_that_the_grant_does_not_open_cannot_be_claimed(string? claimed)
    {
        await using var premises = await Premises.OpenAsync();
        premises.Sandbox.World.QuickBooks.Open(AnotherRealm, "Somebody else's", TimeSpan.Zero);

        var outcome = await ConnectAsync(premises, claim: _ => claimed);

        Assert.NotNull(outcome.Failure);
        Assert.Empty(await premises.Get<ListConnections>().RunAsync(premises.Tenant, Ending));
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task Many_renewals_at_once_are_one_at_intuit_and_the_grant_lives()
    {
        await using var premises = await Premises.OpenAsync();
        var id = (await ConnectAsync(premises)).Expect();
        var tokens = premises.Get<AccessTokens>().For(
            premises.Tenant, id, premises.Get<ConnectorBook>().Of(QuickBooksConnector.Name));
        var stale = (await tokens.CurrentAsync(Ending)).Expect();
        premises.Sandbox.World.QuickBooks.Grants.ExpireAccess(null);

        // What was never opened cannot have been refused.
        (await stale.OpenAsync(new byte[8 * 1024], Ending)).Expect();
        var renewed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tokens.RenewAsync(stale, Ending).AsTask()));

        Assert.All(renewed, static outcome => Assert.Null(outcome.Failure));
        Assert.Equal(0, premises.Sandbox.World.QuickBooks.Grants.Punished);
        Assert.Equal(1, premises.Sandbox.World.QuickBooks.Grants.Alive(QuickBooksWorld.DefaultRealm));
        Assert.Equal(1, premises.Sandbox.World.Statistics.Exchanges["intuit refresh_token"]);
    }

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task A_proven_notification_reaches_the_company_it_names_and_nobody_else()
    {
        await using var premises = await Premises.OpenAsync();
        var connection = (await ConnectAsync(premises)).Expect();
        var books = premises.Sandbox.World.QuickBooks;
        var now = premises.Clock.GetUtcNow();
        var body = books.Notices.Compose(
        [
            new BookChange(QuickBooksWorld.DefaultRealm, BookKind.Invoice, "1", BookOperation.Update, now),
            new BookChange(AnotherRealm, BookKind.Invoice, "2", BookOperation.Update, now),
        ]).Body;
        Assert.Equal(200, (await PostAsync(premises, IntuitScheme.DefaultVerifier, body)).Expect().Status);

        var kept = Assert.Single(await premises.KeptWebhooksAsync(connection));
        var raw = System.Text.Encoding.UTF8.GetString(Assert.Single(kept.Notes).Raw);
        Assert.Contains(QuickBooksWorld.DefaultRealm, raw, StringComparison.Ordinal);
        Assert.DoesNotContain(AnotherRealm, raw, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task A_notification_is_acknowledged_when_it_is_signed_and_refused_when_it_is_not()
    {
        await using var premises = await Premises.OpenAsync();
        (await ConnectAsync(premises)).Expect();
        var books = premises.Sandbox.World.QuickBooks;
        var body = books.Notices.Compose(
            [new BookChange(QuickBooksWorld.DefaultRealm, BookKind.Invoice, "1", BookOperation.Update, premises.Clock.GetUtcNow())]).Body;

        Assert.Null((await PostAsync(premises, IntuitScheme.DefaultVerifier, body)).Failure);
        Assert.IsType<SyncFailures.PushUnproven>((await PostAsync(premises, "another", body)).Failure);
        Assert.IsType<SyncFailures.PushUnproven>((await premises.PostAsync(QuickBooksConnector.Name, IntuitProof.Header, null, body)).Failure);
    }

    private static Task<Outcome<WebhookAnswer>> PostAsync(Premises premises, string verifier, byte[] body) =>
        premises.PostAsync(QuickBooksConnector.Name, IntuitProof.Header, IntuitScheme.Sign(verifier, body), body);

    internal static async Task<Outcome<ConnectionId>> ConnectAsync(Premises premises, Func<string, string?>? claim = null)
    {
        var page = (await premises.Get<StartConnection>().RunAsync(premises.Owner, QuickBooksConnector.Name, Ending)).Expect();
        var asked = QueryHelpers.ParseQuery(page.Query).ToDictionary(static field => field.Key, static field => field.Value.ToString());
        asked["company"] = QuickBooksWorld.DefaultRealm;
        asked["decision"] = "allow";
        using var browser = LoopbackHttp.To(premises.Sandbox.Address);
        using var form = new FormUrlEncodedContent(asked);
        using var sent = await browser.PostAsync("/connect/oauth2", form, Ending);
        var back = QueryHelpers.ParseQuery(sent.Headers.Location!.Query);
        var realm = claim is null ? back["realmId"].ToString() : claim(back["realmId"].ToString());
        var answer = new FinishConnection.Answer("quickbooks", back["state"], back["code"])
        {
            Besides = realm is null
                ? ImmutableDictionary<string, string>.Empty
                : ImmutableDictionary<string, string>.Empty.Add(QuickBooksConnector.RealmField, realm),
        };
        return await premises.Get<FinishConnection>().RunAsync(premises.Owner, answer, Ending);
    }
}
