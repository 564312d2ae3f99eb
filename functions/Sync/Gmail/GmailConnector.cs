using System.Collections.Immutable;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Gmail;

/// <summary>Gmail: a mailbox is one stream, and how it is set up another.</summary>
internal sealed class GmailConnector(EgressDoor door, CallBudget calls, SyncOptions options, TimeProvider time) : IConnector
{
    public const string ReadScope = "https://www.googleapis.com/auth/gmail.readonly";
    public const string ComposeScope = "https://www.googleapis.com/auth/gmail.compose";

    public static readonly Provider Name = Provider.Parse("gmail");

    /// <summary>
    /// The least that reading envelopes and drafting needs (CON-1). There is no draft-only scope at Google: compose can
    /// send, so that nothing is sent without approval is kept by the egress door, not by the scope.
    /// </summary>
    public static readonly ImmutableArray<string> Scopes = [ReadScope, ComposeScope];

    public Provider Provider => Name;

    public string Title => "Gmail";

    /// <summary>Offline access, and consent asked each time, or no refresh token comes back.</summary>
    public OAuthTerms Terms { get; } = new(
        GoogleServices.Consent,
        "/o/oauth2/v2/auth",
        GoogleServices.Grants,
        GoogleServices.Exchange,
        GoogleServices.Gmail,
        new ScopeList(Scopes, Scopes)
        {
            ForWriting = [ComposeScope],
            InWords = ImmutableDictionary<string, string>.Empty
                .Add(ReadScope, "View your email messages and settings")
                .Add(ComposeScope, "Manage drafts and send emails"),
        })
    {
        ConsentQuery = [new("access_type", "offline"), new("prompt", "consent")],
        Revocation = new Revocation(GoogleServices.Grants, GoogleServices.Revoke),
        RevocationEndsAll = true,
        ConsentsPage = new Uri("https://myaccount.google.com/connections"),
    };

    public IChannels? Channels => null;

    public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var refused))
        {
            return refused;
        }

        var mailbox = new GmailMailbox(door, tokens, Entrance(token.Owner, account: null, CallPriority.Interactive), time);
        var profile = await mailbox.ProfileAsync(cancellation);
        return !profile.Try(out var found, out var why) ? why
            : EmailAddress.TryParse(found.EmailAddress, out var address) ? new ConnectedAccount(address.Normalised, address.Text)
            : new SyncFailures.AnswerMalformed();
    }

    public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<ImmutableArray<StreamName>>([MirrorKey.Mailbox, MailboxSettingsSource.Stream]));

    public IStreamSource Source(ConnectorScope scope, StreamName stream) => stream == MailboxSettingsSource.Stream
        ? new MailboxSettingsSource(scope.Connection.Id, priority => Mailbox(scope, priority))
        : new GmailStream(scope.Connection, priority => Mailbox(scope, priority), options);

    private GmailMailbox Mailbox(ConnectorScope scope, CallPriority priority) =>
        new(door, scope.Tokens, Entrance(scope.Tenant.Tenant, scope.Connection.Id, priority), time);

    private CallEntrance Entrance(TenantId tenant, ConnectionId? account, CallPriority priority) =>
        new(calls, ProviderBudgets.Gmail(options), tenant, account, priority);
}
