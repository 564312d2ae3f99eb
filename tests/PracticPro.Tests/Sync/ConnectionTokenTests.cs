using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

/// <summary>A token of a connection opens for that connection, for its own use, and in the door.</summary>
[Trait("Promise", "CON-2")]
public sealed class ConnectionTokenTests
{
    // As the record was when it held both tokens.
    private static readonly RecordKind<BothTokens> Schema1 = new(
        "connection-tokens", 1, Purpose.Tokens, tokens => tokens.Connection.Text);

    private sealed record BothTokens(
        ConnectionId Connection, string RefreshToken, string AccessToken, DateTimeOffset AccessExpiresAt);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_was_stored_for_another_connection_does_not_open()
    {
        await using var premises = await Premises.ConnectedAsync();
        var scope = await premises.ScopeAsync();
        var other = ConnectionId.New(premises.Clock);
        await CommitAsync(scope, scope.Put(SyncKinds.AccessToken, new HeldToken(other, "ya29.theirs"u8.ToArray()), Condition.Any));
        var theirs = await scope.Storage.Documents.FindAsync(SyncKinds.AccessToken.Key(other.Text), Cancellation);
        await CommitAsync(scope, new Operation.Put(
            theirs!.Document with { Key = SyncKinds.AccessToken.Key(premises.Connection.Text) }, Condition.Any));

        var asked = premises.Outside.Asked("/profile");
        await Assert.ThrowsAsync<TamperedRecordException>(() => Mailbox(premises).ProfileAsync(Cancellation));
        Assert.Equal(asked, premises.Outside.Asked("/profile"));
    }

    [Fact]
    public async Task A_refresh_token_does_not_open_in_the_place_of_an_access_token()
    {
        await using var premises = await Premises.ConnectedAsync();
        var scope = await premises.ScopeAsync();
        var refresh = await scope.Storage.Documents.FindAsync(SyncKinds.RefreshToken.Key(premises.Connection.Text), Cancellation);
        await CommitAsync(scope, new Operation.Put(
            refresh!.Document with { Key = SyncKinds.AccessToken.Key(premises.Connection.Text) }, Condition.Any));

        await Assert.ThrowsAsync<TamperedRecordException>(() => Mailbox(premises).ProfileAsync(Cancellation));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_token_of_another_practice_does_not_open()
    {
        await using var premises = await Premises.ConnectedAsync();
        var other = await premises.FoundAsync("Second Practice", "owner@second-practice.example");
        var scope = await premises.ScopeAsync();
        var theirs = await premises.Get<TenantScopes>().OpenAsync(other.Tenant, Cancellation);
        var token = await scope.Storage.Documents.FindAsync(SyncKinds.AccessToken.Key(premises.Connection.Text), Cancellation);
        await CommitAsync(theirs, new Operation.Put(token!.Document, Condition.Any));

        var stolen = SealedConnectionToken.Access(
            premises.Get<TenantScopes>(), other.Tenant, premises.Connection, GoogleServices.Gmail);
        await Assert.ThrowsAsync<TamperedRecordException>(async () => await stolen.OpenAsync(new byte[8192], Cancellation));
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_step_under_way_notices_within_a_second_that_its_token_was_deleted()
    {
        await using var premises = await Premises.ConnectedAsync();
        var lent = SealedConnectionToken.Access(
            premises.Get<TenantScopes>(), premises.Tenant, premises.Connection, GoogleServices.Gmail, new TokenGlance(premises.Clock));
        Assert.Null((await lent.OpenAsync(new byte[8192], Cancellation)).Failure);

        var scope = await premises.ScopeAsync();
        await CommitAsync(scope, scope.Delete(SyncKinds.AccessToken, premises.Connection.Text, Condition.Any));
        Assert.Null((await lent.OpenAsync(new byte[8192], Cancellation)).Failure);
        premises.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull((await lent.OpenAsync(new byte[8192], Cancellation)).Failure);
    }

    [Fact]
    public async Task A_token_goes_to_its_own_processor_only()
    {
        await using var premises = await Premises.ConnectedAsync();
        var scopes = premises.Get<TenantScopes>();
        var door = premises.Get<EgressDoor>();
        var access = SealedConnectionToken.Access(scopes, premises.Tenant, premises.Connection, GoogleServices.Gmail);
        var refresh = SealedConnectionToken.Refresh(scopes, premises.Tenant, premises.Connection, GoogleServices.Grants);
        EgressRequest[] astray =
        [
            new(GoogleServices.Keys, GoogleServices.SigningKeys) { Bearer = access },
            new(GoogleServices.Gmail, GoogleServices.Profile) { Bearer = refresh },
            new(GoogleServices.Grants, GoogleServices.Revoke)
            {
                BodyType = EgressRequest.Form,
                FormToken = new TokenField("token", access),
            },
        ];

        foreach (var request in astray)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => door.SendAsync(request, Cancellation));
        }

        Assert.Null(access.Opened);
        Assert.Null(refresh.Opened);
    }

    [Fact]
    public async Task Tokens_of_a_connection_from_before_are_used_and_put_into_their_own_records_when_they_are_renewed()
    {
        await using var premises = await Premises.ConnectedAsync();
        var (access, refresh) = (await premises.TokensAsync())!.Value;
        var scope = await premises.ScopeAsync();
        var known = (await scope.FindAsync(SyncKinds.Tokens, premises.Connection.Text, Cancellation))!.Value;
        await CommitAsync(
            scope,
            scope.Put(Schema1, new BothTokens(premises.Connection, refresh, access, known.AccessExpiresAt), Condition.Any),
            scope.Delete(SyncKinds.AccessToken, premises.Connection.Text, Condition.Any),
            scope.Delete(SyncKinds.RefreshToken, premises.Connection.Text, Condition.Any));

        (await Mailbox(premises).ProfileAsync(Cancellation)).Expect();
        Assert.Null(await premises.TokensAsync());
        premises.Outside.World.Grants.ExpireAccess(null);
        (await Mailbox(premises).ProfileAsync(Cancellation)).Expect();

        var renewed = (await premises.TokensAsync())!.Value;
        Assert.NotEqual(access, renewed.AccessToken);
        Assert.Equal(refresh, renewed.RefreshToken);
    }

    [Fact]
    public async Task What_is_known_of_tokens_holds_none()
    {
        await using var premises = await Premises.ConnectedAsync();
        var (access, refresh) = (await premises.TokensAsync())!.Value;
        var scope = await premises.ScopeAsync();
        var stored = await scope.Storage.Documents.FindAsync(SyncKinds.Tokens.Key(premises.Connection.Text), Cancellation);
        var opened = scope.Keys.Open(
            Purpose.Tokens, new SealContext("connection-tokens", premises.Connection.Text, "body", 2), new SealedBytes(stored!.Document.Body[4..]));

        using var plain = opened.Expect();
        var text = System.Text.Encoding.UTF8.GetString(plain.Span);
        Assert.DoesNotContain(access, text, StringComparison.Ordinal);
        Assert.DoesNotContain(refresh, text, StringComparison.Ordinal);
        Assert.Equal("***", new HeldToken(premises.Connection, [1]).ToString());
    }

    private static GmailMailbox Mailbox(Premises premises) =>
        premises.Get<GmailMailboxes>().Of(premises.Tenant, premises.Connection);

    private static async Task CommitAsync(TenantScope scope, params Operation[] operations) =>
        Assert.IsType<CommitOutcome.Committed>(await scope.CommitAsync(operations, Cancellation));
}
