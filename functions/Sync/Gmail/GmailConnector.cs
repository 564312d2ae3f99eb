using System.Collections.Immutable;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Gmail;

/// <summary>Gmail as a connector: one mailbox, one stream.</summary>
internal sealed class GmailConnector(GmailMailboxes mailboxes, SyncOptions options) : IConnector
{
    public static readonly Provider Name = Provider.Parse("gmail");

    public Provider Provider => Name;

    public string Title => "Gmail";

    public OAuthTerms Terms { get; } = new(
        GoogleServices.Consent,
        "/o/oauth2/v2/auth",
        GoogleServices.Grants,
        GoogleServices.Exchange,
        GoogleServices.Gmail,
        new ScopeList(GoogleGrants.Scopes, GoogleGrants.Scopes) { ForWriting = [GoogleGrants.Scopes[1]] })
    {
        ConsentQuery = [new("access_type", "offline"), new("prompt", "consent")],
        Revocation = new Revocation(GoogleServices.Grants, GoogleServices.Revoke),
        RevocationEndsAll = true,
    };

    public IChannels? Channels => null;

    public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
    {
        var profile = await mailboxes.With(tokens).ProfileAsync(cancellation);
        if (!profile.Try(out var found, out var why))
        {
            return why;
        }

        return EmailAddress.TryParse(found.EmailAddress, out var mailbox)
            ? new ConnectedAccount(mailbox.Normalised, mailbox.Text)
            : new SyncFailures.AnswerMalformed();
    }

    public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<ImmutableArray<StreamName>>([MirrorKey.Mailbox]));

    public IStreamSource Source(ConnectorScope scope, StreamName stream) =>
        new GmailStream(scope.Connection, mailboxes.Of(scope.Tenant.Tenant, scope.Connection.Id), options);
}
