using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Vault;

namespace PracticPro.Sync;

/// <summary>
/// Takes one step of a connection: plans it from the stored cursors, does it, and turns a passing failure into a rest of the
/// stream it befell. Idempotent: each step writes conditionally on the cursor it read.
/// </summary>
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
    private const int FailuresUncounted = 3;

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
            return new KeepInStep.StepAnswer(Ended: true);
        }

        var step = await ReadAsync(scope, connection.Value, input.News, cancellation);
        if (await AdvanceStream.FinishAsync(step, cancellation))
        {
            return new KeepInStep.StepAnswer();
        }

        var plan = StreamPlan.Next(
            step.Roll?.Value,
            [.. step.Cursors.Select(static cursor => cursor.Value)],
            step.News,
            new StreamRhythm(
                options.PollInterval, options.PushTopic.Length > 0 && connection.Value.Provider == GmailConnector.Name),
            step.Now);
        return await TakeAsync(step, plan, cancellation);
    }

    private async Task<StepScope> ReadAsync(
        TenantScope scope, Connection connection, StreamNews news, CancellationToken cancellation)
    {
        var roll = await scope.FindAsync(SyncKinds.Roll, connection.Id.Text, cancellation);
        var cursors = roll is null ? [] : await StreamsOf.CursorsAsync(scope, connection.Id, cancellation);
        return new StepScope(
            new ConnectorScope(scope, connection, tokens.For(scope.Tenant, connection.Id, connectors.Of(connection.Provider))),
            connectors.Of(connection.Provider),
            roll,
            cursors,
            news,
            time.GetUtcNow());
    }

    private async Task<KeepInStep.StepAnswer> TakeAsync(StepScope step, StreamStep plan, CancellationToken cancellation)
    {
        switch (plan)
        {
            case StreamStep.Wait wait:
                return new KeepInStep.StepAnswer(WaitUntil: wait.Until, Pause: wait.Rest);
            case StreamStep.Discover:
                if (await DiscoverStreams.RunAsync(step, cancellation) is { } unfound)
                {
                    return await PauseAsync(step, null, unfound, cancellation);
                }

                await channels.RunAsync(step.Connector, step.Provider, cancellation);
                return new KeepInStep.StepAnswer();
            case StreamStep.RenewWatch:
                var mailbox = mailboxes.Of(step.Tenant.Tenant, step.Connection.Id, CallPriority.Following);
                return (await RenewWatch.RunAsync(step, mailbox, options, cancellation)).Failure is { } unwatched
                    ? await PauseAsync(step, null, unwatched, cancellation) is { Ended: true } ended ? ended : Peace(unwatched)
                    : new KeepInStep.StepAnswer();
            case StreamStep.Tidy:
                await SyncJournal.TidyAsync(step.Tenant, step.Roll!, step.Now - options.JournalKept, step.Now, cancellation);
                return new KeepInStep.StepAnswer();
            default:
                var stream = StreamOf(plan);
                var outcome = await AdvanceStream.RunAsync(step, plan, cancellation);
                return outcome.Failure is { } why
                    ? await PauseAsync(step, step.Stored(stream), why, cancellation)
                    : new KeepInStep.StepAnswer(Looked: plan is StreamStep.Follow, Stream: stream.Stream);
        }
    }

    private KeepInStep.StepAnswer Peace(Failure why) => new(
        WaitUntil: time.GetUtcNow()
            + (why is SyncFailures.RateLimited limited ? limited.Wait : StreamPlan.PauseAfter(FailuresUncounted + 1)),
        Pause: true);

    private static StreamCursor StreamOf(StreamStep plan) => plan switch
    {
        StreamStep.Begin begin => begin.Cursor,
        StreamStep.Read read => read.Cursor,
        StreamStep.Sweep sweep => sweep.Cursor,
        StreamStep.Follow follow => follow.Cursor,
        _ => throw new InvalidOperationException("An unknown step."),
    };

    /// <param name="cursor">Of the stream that failed; null when it was what concerns them all.</param>
    private async Task<KeepInStep.StepAnswer> PauseAsync(
        StepScope step, Stored<StreamCursor>? cursor, Failure why, CancellationToken cancellation)
    {
        if (why is SyncFailures.ScopeMissing)
        {
            // No retry brings a permission back: only the owner's consent does.
            await LoseConnection.RunAsync(step.Tenant, step.Connection.Id, step.Connection.Grant, why.Code, step.Now, cancellation);
            return new KeepInStep.StepAnswer(Ended: true);
        }

        if (why is SyncFailures.GrantDead or SyncFailures.NotConnected)
        {
            return new KeepInStep.StepAnswer(Ended: true);
        }

        var failures = (cursor?.Value.Failures ?? step.Roll?.Value.Failures ?? FailuresUncounted) + 1;
        var until = time.GetUtcNow() + (why is SyncFailures.RateLimited limited ? limited.Wait : StreamPlan.PauseAfter(failures));
        List<Operation> counted = [];
        if (cursor is not null)
        {
            counted.Add(step.Tenant.Put(
                SyncKinds.Cursor, cursor.Value with { Failures = failures, RestUntil = until }, Condition.Is(cursor.Version)));
        }

        if (step.Roll is { } roll && (cursor is null || why is SyncFailures.Gone))
        {
            // A stream that is not there is a reason to ask anew which there are.
            var next = cursor is null
                ? roll.Value with { Failures = failures, RestUntil = until }
                : roll.Value with { DiscoveredAt = null };
            counted.Add(step.Tenant.Put(SyncKinds.Roll, next, Condition.Is(roll.Version)));
        }

        if (counted.Count > 0)
        {
            await step.Tenant.CommitAsync(counted, cancellation);
        }

        // A rate limit is the whole connection's; so is what befell it before there were streams. Else the others go on.
        return why is SyncFailures.RateLimited || step.Roll is null
            ? new KeepInStep.StepAnswer(WaitUntil: until, Pause: true)
            : new KeepInStep.StepAnswer();
    }
}
