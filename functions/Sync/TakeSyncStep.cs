using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;

namespace PracticPro.Sync;

/// <summary>Takes one step of a connection, as long as it is active by the grant that the loop was started for.</summary>
internal sealed class TakeSyncStep(
    TenantScopes scopes,
    ConnectorBook connectors,
    AccessTokens tokens,
    GmailMailboxes mailboxes,
    KeepChannels channels,
    SyncOptions options,
    TimeProvider time)
    : Activity<KeepInStep.StepInput, KeepInStep.StepAnswer>
{
    private readonly TakeStreamStep steps = new(options, time);

    public override async Task<KeepInStep.StepAnswer> RunAsync(
        ActivityContext context, KeepInStep.StepInput input, CancellationToken cancellation)
    {
        if (await scopes.FindAsync(input.Tenant, cancellation) is not { } scope)
        {
            return new KeepInStep.StepAnswer(Ended: true);
        }

        var connection = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
        if (connection?.Value.State != ConnectionState.Active || connection.Value.Grant != input.Grant)
        {
            if (connection?.Value is { State: ConnectionState.NeedsReconnect, LostBecause: { } because } lost && lost.Grant == input.Grant)
            {
                await KeepCoverage.OfLossAsync(scope, lost, because, time.GetUtcNow(), cancellation);
            }

            return new KeepInStep.StepAnswer(Ended: true);
        }

        var connector = connectors.Of(connection.Value.Provider);
        return await steps.RunAsync(
            new ConnectorScope(scope, connection.Value, tokens.For(input.Tenant, input.Connection, connector)),
            connector,
            input.News,
            WatchOf(connector, input),
            cancellation);
    }

    private TakeStreamStep.Watching? WatchOf(IConnector connector, KeepInStep.StepInput input)
    {
        if (connector.Provider != GmailConnector.Name)
        {
            return channels.AreWanted(connector) ? channels.LookAsync : null;
        }

        return options.PushTopic.Length > 0
            ? (step, cancelled) => RenewWatch.RunAsync(
                step, mailboxes.Of(input.Tenant, input.Connection, CallPriority.Following), options, cancelled)
            : null;
    }
}
