using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// After a disconnect: stops the watch, revokes the grant at the provider and deletes the tokens. Tries for an hour; the
/// tokens are deleted even when the provider never answers.
/// </summary>
internal sealed class GiveBackGrant : Orchestration<GiveBackGrant.Input, Done>
{
    public static readonly OrchestrationName<Input, Done> Name = new("give-back-grant");
    public static readonly ActivityName<Input, Done> RevokeName = new("revoke-grant");
    public static readonly ActivityName<Input, Done> ForgetName = new("forget-tokens");

    private static readonly RetryPolicy ForAnHour = new(TimeSpan.FromSeconds(2), maxAttempts: 20, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
    };

    public sealed record Input(TenantId Tenant, ConnectionId Connection);

    public static InstanceId InstanceOf(TenantId tenant, ConnectionId connection) =>
        InstanceId.For(tenant, $"give-back.{connection}");

    public override async Task<Done> RunAsync(OrchestrationContext context, Input input)
    {
        try
        {
            await context.CallActivityAsync(RevokeName, input, ForAnHour);
        }
        catch (TaskFailedException)
        {
            // The provider never answered. Deleting our copy is what is left, and is done next.
        }

        return await context.CallActivityAsync(ForgetName, input, ForAnHour);
    }

    /// <summary>Stops the watch and revokes the grant. Idempotent: a revoked grant is as good as revoked again.</summary>
    internal sealed class Revoke(TenantScopes scopes, GmailMailboxes mailboxes, GoogleGrants grants) : Activity<Input, Done>
    {
        public override async Task<Done> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var scope = await scopes.OpenAsync(input.Tenant, cancellation);
            var connection = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
            var tokens = await scope.FindAsync(SyncKinds.Tokens, input.Connection.Text, cancellation);
            if (tokens is null || connection?.Value.State != ConnectionState.Disconnected)
            {
                return Done.Value;
            }

            // Best effort: a watch that is not stopped ends by itself within seven days and finds nobody.
            await mailboxes.Of(input.Tenant, input.Connection).StopWatchAsync(cancellation);
            var outcome = await grants.RevokeAsync(
                SealedConnectionToken.Refresh(scopes, input.Tenant, input.Connection), cancellation);
            return outcome.Try(out var done, out var why) ? done : throw new StepFailedException(why.Code);
        }
    }

    /// <summary>Deletes the tokens and lets the mailbox go. Does nothing when it was connected again meanwhile.</summary>
    internal sealed class Forget(TenantScopes scopes, FleetDirectory fleet) : Activity<Input, Done>
    {
        public override async Task<Done> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var scope = await scopes.OpenAsync(input.Tenant, cancellation);
            var connection = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
            if (connection?.Value.State != ConnectionState.Disconnected)
            {
                return Done.Value;
            }

            await scope.CommitAsync(TokenShelf.Forget(scope, input.Connection), cancellation);
            await MailboxDirectory.ReleaseAsync(
                fleet,
                connection.Value.Mailbox,
                new FleetEntry(input.Tenant, input.Connection.Text),
                cancellation);
            return Done.Value;
        }
    }
}
