using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Takes one step of a connection: plans it from the stored cursors, does it, and turns a passing failure into a rest of the
/// stream it befell. Idempotent: each step writes conditionally on the cursor it read.
/// </summary>
internal sealed class TakeStreamStep(SyncOptions options, TimeProvider time)
{
    /// <summary>Failures before the first cursor have nothing to be counted in; the pause is then a middling one.</summary>
    private const int FailuresUncounted = 3;

    /// <summary>
    /// A timer may wake the loop this much before its time. What is due by then is due: a wait for the rest would be the same
    /// wait again.
    /// </summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    /// <summary>Asks the provider to tell of changes.</summary>
    public delegate Task<Outcome<Done>> Watching(StepScope step, CancellationToken cancellation);

    /// <param name="watch">Null where nobody asks for that, or somebody else does.</param>
    public async Task<KeepInStep.StepAnswer> RunAsync(
        ConnectorScope scope, IConnector connector, StreamNews news, Watching? watch, CancellationToken cancellation)
    {
        var roll = await scope.Tenant.FindAsync(SyncKinds.Roll, scope.Connection.Id.Text, cancellation);
        var cursors = roll is null ? [] : await StreamsOf.CursorsAsync(scope.Tenant, scope.Connection.Id, cancellation);
        var step = new StepScope(scope, connector, roll, cursors, news, time.GetUtcNow());
        if (await AdvanceStream.FinishAsync(step, cancellation))
        {
            return new KeepInStep.StepAnswer();
        }

        var plan = StreamPlan.Next(
            roll?.Value,
            [.. cursors.Select(static cursor => cursor.Value)],
            news,
            new StreamRhythm(options.PollInterval, watch is not null, options.BetweenLooks),
            step.Now + Moment);
        return await TakeAsync(step, plan, watch, cancellation);
    }

    private async Task<KeepInStep.StepAnswer> TakeAsync(
        StepScope step, StreamStep plan, Watching? watch, CancellationToken cancellation)
    {
        switch (plan)
        {
            case StreamStep.Wait wait:
                return new KeepInStep.StepAnswer(WaitUntil: wait.Until, Pause: wait.Rest);
            case StreamStep.Discover:
                return await DiscoverStreams.RunAsync(step, cancellation) is { } unfound
                    ? await OfAllAsync(step, unfound, goOn: step.Roll is not null, cancellation)
                    : new KeepInStep.StepAnswer();
            case StreamStep.RenewWatch:
                return (await watch!(step, cancellation)).Failure is { } unwatched
                    ? await OfAllAsync(step, unwatched, goOn: false, cancellation)
                    : new KeepInStep.StepAnswer();
            case StreamStep.Tidy:
                await SyncJournal.TidyAsync(step.Tenant, step.Roll!, step.Now - options.JournalKept, step.Now, cancellation);
                return new KeepInStep.StepAnswer();
            case StreamStep.OfStream stream:
                return await AdvanceStream.RunAsync(step, stream, new ReadingTime(time), cancellation) is { Why: { } why } end
                    ? await OfOneAsync(end.Step, end.Cursor, why, cancellation)
                    : new KeepInStep.StepAnswer(Looked: plan is StreamStep.Follow, Stream: stream.Cursor.Stream);
            default:
                throw new InvalidOperationException("An unknown step.");
        }
    }

    /// <summary>What concerns all streams failed.</summary>
    /// <param name="goOn">The streams that are known go on meanwhile.</param>
    private async Task<KeepInStep.StepAnswer> OfAllAsync(
        StepScope step, Failure why, bool goOn, CancellationToken cancellation)
    {
        if (await EndsAsync(step, why, cancellation))
        {
            return new KeepInStep.StepAnswer(Ended: true);
        }

        var failures = (step.Roll?.Value.Failures ?? FailuresUncounted) + 1;
        var until = RestUntil(why, failures);
        if (step.Roll is { } roll)
        {
            var next = roll.Value with { Failures = failures, RestUntil = until };
            await step.Tenant.CommitAsync([step.Tenant.Put(SyncKinds.Roll, next, Condition.Is(roll.Version))], cancellation);
        }

        return goOn ? new KeepInStep.StepAnswer() : new KeepInStep.StepAnswer(WaitUntil: until, Pause: true);
    }

    /// <summary>A stream failed; the others go on.</summary>
    private async Task<KeepInStep.StepAnswer> OfOneAsync(
        StepScope step, StreamCursor cursor, Failure why, CancellationToken cancellation)
    {
        if (await EndsAsync(step, why, cancellation))
        {
            return new KeepInStep.StepAnswer(Ended: true);
        }

        var failures = cursor.Failures + 1;
        var until = RestUntil(why, failures);
        List<Operation> changes =
        [
            step.Tenant.Put(
                SyncKinds.Cursor,
                cursor with { Failures = failures, RestUntil = until },
                Condition.Is(step.Stored(cursor).Version)),
            .. await KeepCoverage.OfFailureAsync(step, cursor, why.Code, options.PollInterval * 2, cancellation),
        ];
        if (why is SyncFailures.Gone && step.Roll is { } roll)
        {
            // A stream that is not there is a reason to ask anew which there are.
            changes.Add(step.Tenant.Put(SyncKinds.Roll, roll.Value with { DiscoveredAt = null }, Condition.Is(roll.Version)));
        }

        await step.Tenant.CommitAsync(changes, cancellation);

        // A rate limit is the whole connection's.
        return why is SyncFailures.RateLimited
            ? new KeepInStep.StepAnswer(WaitUntil: until, Pause: true)
            : new KeepInStep.StepAnswer();
    }

    /// <summary>No retry brings a grant or a permission back: only the owner's consent does.</summary>
    private static async Task<bool> EndsAsync(StepScope step, Failure why, CancellationToken cancellation)
    {
        if (why is SyncFailures.ScopeMissing)
        {
            await LoseConnection.RunAsync(step.Tenant, step.Connection.Id, step.Connection.Grant, why.Code, step.Now, cancellation);
        }

        if (why is not (SyncFailures.ScopeMissing or SyncFailures.GrantDead or SyncFailures.NotConnected))
        {
            return false;
        }

        await KeepCoverage.OfLossAsync(step.Tenant, step.Connection, why.Code, step.Now, cancellation);
        return true;
    }

    private DateTimeOffset RestUntil(Failure why, int failures) =>
        time.GetUtcNow() + (why is SyncFailures.RateLimited limited ? limited.Wait : StreamPlan.PauseAfter(failures));
}
