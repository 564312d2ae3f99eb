using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Storage;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync;

/// <summary>Takes one step of a connection, as long as it is active by the grant that the loop was started for.</summary>
internal sealed class TakeSyncStep(
    TenantScopes scopes,
    ConnectorBook connectors,
    AccessTokens tokens,
    GmailMailboxes mailboxes,
    KeepChannels channels,
    ReplayNightly replay,
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
        var opened = new ConnectorScope(scope, connection.Value, tokens.For(input.Tenant, input.Connection, connector));
        await channels.NoteTroubleAsync(opened, cancellation);
        var answer = await steps.RunAsync(
            opened,
            connector,
            input.News,
            options.PushTopic.Length > 0 && connector.Provider == GmailConnector.Name
                ? (step, cancelled) => RenewWatch.RunAsync(step, mailboxes.Of(input.Tenant, input.Connection, CallPriority.Following), options, cancelled)
                : null,
            cancellation);
        if (answer is not { WaitUntil: not null, Pause: false, Ended: false })
        {
            return answer;
        }

        var roll = await scope.FindAsync(SyncKinds.Roll, input.Connection.Text, cancellation);
        await replay.RunAsync(opened, connector, roll, cancellation);
        return await KeepChannelsAsync(opened, connector, roll?.Value.Streams ?? [], answer, cancellation);
    }

    /// <summary>Streams come first; when they have nothing to do, the channels that tell of their news are looked after.</summary>
    private async Task<KeepInStep.StepAnswer> KeepChannelsAsync(
        ConnectorScope scope,
        IConnector connector,
        ImmutableArray<StreamName> streams,
        KeepInStep.StepAnswer answer,
        CancellationToken cancellation)
    {
        if (connector.Channels is null)
        {
            return answer;
        }

        var kept = await channels.RunAsync(scope, streams, cancellation);
        foreach (var hole in kept.Untold)
        {
            await FollowAtOnceAsync(scope, stream => connector.Channels.TellsOf(hole.Stream, stream), cancellation);
        }

        return kept.More ? answer with { WaitUntil = null }
            : kept.Due is { } due && due < answer.WaitUntil ? answer with { WaitUntil = due }
            : answer;
    }

    /// <summary>Due again, as if never looked at.</summary>
    private static async Task FollowAtOnceAsync(
        ConnectorScope scope, Func<StreamName, bool> isMeant, CancellationToken cancellation)
    {
        foreach (var cursor in await StreamsOf.CursorsAsync(scope.Tenant, scope.Connection.Id, cancellation))
        {
            if (isMeant(cursor.Value.Stream) && cursor.Value.Phase != SyncPhase.Closed)
            {
                await scope.Tenant.CommitAsync(
                    [scope.Tenant.Put(SyncKinds.Cursor, cursor.Value with { LookedAt = null }, Condition.Is(cursor.Version))],
                    cancellation);
            }
        }
    }
}
