using System.Globalization;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// After a disconnect: stops the notifications, revokes the grant at the provider and deletes the tokens. Tries for an hour;
/// the tokens are deleted even when the provider never answers.
/// </summary>
internal sealed class GiveBackGrant : Orchestration<GiveBackGrant.Input, Done>
{
    public static readonly OrchestrationName<Input, Done> Name = new("give-back-grant");
    public static readonly ActivityName<Input, Answer> RevokeName = new("revoke-grant");
    public static readonly ActivityName<Input, Done> ForgetName = new("forget-tokens");

    private static readonly Actor Job = new Actor.Job("mail-sync");

    private static readonly RetryPolicy ForAnHour = new(TimeSpan.FromSeconds(2), maxAttempts: 20, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
    };

    /// <param name="Grant">Which of the connection's grants is given back; 0 in an order from before they were told apart: any.</param>
    /// <param name="How">How it was given back, for the step after that.</param>
    public sealed record Input(TenantId Tenant, ConnectionId Connection, int Grant = 0, GivenBack How = GivenBack.Revoked)
    {
        /// <summary>True while it is this grant that was ended, and none came after it.</summary>
        public bool IsOf(Connection connection) =>
            connection.State == ConnectionState.Disconnected && (Grant == 0 || Grant == connection.Grant);
    }

    /// <param name="How">Of a step that was done before there was a choice: revoked.</param>
    public sealed record Answer(GivenBack How = GivenBack.Revoked);

    public static InstanceId InstanceOf(TenantId tenant, Connection connection) => InstanceId.For(
        tenant, string.Create(CultureInfo.InvariantCulture, $"give-back.{connection.Id}.{connection.Grant}"));

    public override async Task<Done> RunAsync(OrchestrationContext context, Input input)
    {
        var how = GivenBack.NotAnswered;
        try
        {
            how = (await context.CallActivityAsync(RevokeName, input, ForAnHour)).How;
        }
        catch (TaskFailedException)
        {
            // The provider never answered. Deleting our copy is what is left, and is done next.
        }

        return await context.CallActivityAsync(ForgetName, input with { How = how }, ForAnHour);
    }

    /// <summary>Stops the notifications and revokes the grant. Idempotent: a revoked grant is as good as revoked again.</summary>
    internal sealed class Revoke(
        TenantScopes scopes,
        ConnectorBook connectors,
        AccessTokens access,
        KeepChannels channels,
        GmailMailboxes mailboxes,
        OAuthGrants grants,
        SharedGrants shared)
        : Activity<Input, Answer>
    {
        public override async Task<Answer> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var scope = await scopes.OpenAsync(input.Tenant, cancellation);
            var stored = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
            var tokens = await scope.FindAsync(SyncKinds.Tokens, input.Connection.Text, cancellation);
            if (tokens is null || stored is null || !input.IsOf(stored.Value))
            {
                return new Answer();
            }

            // Best effort: notifications that are not stopped end by themselves within days and find nobody.
            var connector = connectors.Of(stored.Value.Provider);
            await channels.CloseAllAsync(
                new ConnectorScope(scope, stored.Value, access.For(input.Tenant, input.Connection, connector)), cancellation);
            if (stored.Value.Provider == GmailConnector.Name)
            {
                await mailboxes.Of(input.Tenant, input.Connection).StopWatchAsync(cancellation);
            }

            if (connector.Terms.Revocation is not { } revocation)
            {
                return new Answer(GivenBack.NotOffered);
            }

            if (await shared.AreNeededAsync(scope, connector, stored.Value.Account, stored.Value.Id, cancellation))
            {
                return new Answer(GivenBack.KeptForAnother);
            }

            var refresh = SealedConnectionToken.Refresh(scopes, input.Tenant, input.Connection, revocation.At);
            var outcome = await grants.RevokeAsync(connector, refresh, cancellation);
            return outcome.Try(out _, out var why) ? new Answer() : throw new StepFailedException(why.Code);
        }
    }

    /// <summary>
    /// Lets the account go and deletes the tokens. A run that is late, after the owner connected again, deletes nothing: the
    /// write is fenced by the connection as it was read. What it let go of by then is claimed again by its next attempt.
    /// </summary>
    internal sealed class Forget(TenantScopes scopes, FleetDirectory fleet) : Activity<Input, Done>
    {
        public override async Task<Done> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var scope = await scopes.OpenAsync(input.Tenant, cancellation);
            var stored = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
            if (stored is null)
            {
                return Done.Value;
            }

            var connection = stored.Value;
            var entry = new FleetEntry(input.Tenant, input.Connection.Text);
            if (!input.IsOf(connection))
            {
                return connection.State == ConnectionState.Disconnected
                    || await AccountDirectory.ClaimAsync(fleet, connection.Provider, connection.Account.Key, entry, cancellation)
                    ? Done.Value
                    : throw new StepFailedException("mailbox-taken");
            }

            await PruneWebhooks.RunAsync(scope, connection.Id, DateTimeOffset.MaxValue, cancellation);

            // While the tokens are there nobody connects again. After the write somebody may, and would lose the account.
            await AccountDirectory.ReleaseAsync(fleet, connection.Provider, connection.Account.Key, entry, cancellation);
            var outcome = await scope.CommitAsync(
                [
                    scope.Put(
                        SyncKinds.Connection,
                        connection with { GivenBack = connection.GivenBack ?? input.How },
                        Condition.Is(stored.Version)),
                    .. TokenShelf.Forget(scope, input.Connection),
                    scope.Delete(SyncKinds.Renewal, input.Connection.Text, Condition.Any),
                    .. connection.GivenBack is null ? scope.Audit.Compose(Entry(connection.Id, input.How)) : [],
                ],
                cancellation);
            return outcome is CommitOutcome.Committed ? Done.Value : throw new StepFailedException("connection-changed");
        }

        private static AuditEntry Entry(ConnectionId connection, GivenBack how) =>
            new AuditEntry(Job, AuditAct.GrantGivenBack).On("connection", connection.Text).On("how", WordOf(how));

        private static string WordOf(GivenBack how) => how switch
        {
            GivenBack.Revoked => "revoked",
            GivenBack.KeptForAnother => "kept-for-another",
            GivenBack.NotOffered => "not-offered",
            _ => "not-answered",
        };
    }
}
