using System.Globalization;
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

    /// <param name="Grant">Which of the connection's grants is given back; 0 in an order from before they were told apart: any.</param>
    public sealed record Input(TenantId Tenant, ConnectionId Connection, int Grant = 0)
    {
        /// <summary>True while it is this grant that was ended, and none came after it.</summary>
        public bool IsOf(Connection connection) =>
            connection.State == ConnectionState.Disconnected && (Grant == 0 || Grant == connection.Grant);
    }

    public static InstanceId InstanceOf(TenantId tenant, Connection connection) => InstanceId.For(
        tenant, string.Create(CultureInfo.InvariantCulture, $"give-back.{connection.Id}.{connection.Grant}"));

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
            if (tokens is null || connection is null || !input.IsOf(connection.Value))
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

    /// <summary>
    /// Lets the mailbox go and deletes the tokens. A run that is late, after the owner connected again, deletes nothing: the
    /// write is fenced by the connection as it was read. What it let go of by then is claimed again by its next attempt.
    /// </summary>
    internal sealed class Forget(TenantScopes scopes, FleetDirectory fleet) : Activity<Input, Done>
    {
        public override async Task<Done> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var scope = await scopes.OpenAsync(input.Tenant, cancellation);
            var connection = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
            if (connection is null)
            {
                return Done.Value;
            }

            var entry = new FleetEntry(input.Tenant, input.Connection.Text);
            if (!input.IsOf(connection.Value))
            {
                return connection.Value.State == ConnectionState.Disconnected
                    || await MailboxDirectory.ClaimAsync(fleet, connection.Value.Mailbox, entry, cancellation)
                    ? Done.Value
                    : throw new StepFailedException("mailbox-taken");
            }

            // While the tokens are there nobody connects again. After the write somebody may, and would lose the mailbox.
            await MailboxDirectory.ReleaseAsync(fleet, connection.Value.Mailbox, entry, cancellation);
            var outcome = await scope.CommitAsync(
                [
                    scope.Put(SyncKinds.Connection, connection.Value, Condition.Is(connection.Version)),
                    .. TokenShelf.Forget(scope, input.Connection),
                ],
                cancellation);
            return outcome is CommitOutcome.Committed ? Done.Value : throw new StepFailedException("connection-changed");
        }
    }
}
