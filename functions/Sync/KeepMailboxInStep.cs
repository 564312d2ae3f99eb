using System.Globalization;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Steps;

namespace PracticPro.Sync;

/// <summary>
/// The eternal loop of one connection (SYNC-1): take the next step; when there is none, wait for a nudge or until it is
/// time to look. Any number of nudges that came meanwhile count as one. It ends when the grant it was started for does;
/// a new grant has a loop of its own.
/// </summary>
internal sealed class KeepMailboxInStep : Orchestration<KeepMailboxInStep.Input, Done>
{
    public static readonly OrchestrationName<Input, Done> Name = new("keep-mailbox-in-step");
    public static readonly ActivityName<StepInput, StepAnswer> StepName = new("take-sync-step");

    /// <summary>Says that there may be news. Carries nothing: what is new is asked of the provider.</summary>
    public static readonly EventName<Done> Nudge = new("mailbox-nudged");

    // Steps before the history is dropped and the loop begins anew with an empty one.
    private const int StepsAGeneration = 25;

    private const int FailuresUncounted = 3;

    private static readonly RetryPolicy Patient = new(TimeSpan.FromSeconds(1), maxAttempts: 1_000, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
    };

    public sealed record Input(TenantId Tenant, ConnectionId Connection, int Grant, bool Nudged = false);

    public sealed record StepInput(TenantId Tenant, ConnectionId Connection, int Grant, bool Nudged);

    /// <param name="Looked">The changes were followed: whatever nudged has been seen to.</param>
    /// <param name="WaitUntil">Nothing to do until then; null: there is more to do now.</param>
    /// <param name="Pause">The provider asked for peace: a nudge must not cut the wait short.</param>
    /// <param name="Ended">The connection is no longer active.</param>
    public sealed record StepAnswer(
        bool Looked = false, DateTimeOffset? WaitUntil = null, bool Pause = false, bool Ended = false);

    public static InstanceId InstanceOf(TenantId tenant, Connection connection) =>
        InstanceId.For(tenant, string.Create(CultureInfo.InvariantCulture, $"sync.{connection.Id}.{connection.Grant}"));

    public override async Task<Done> RunAsync(OrchestrationContext context, Input input)
    {
        var nudged = input.Nudged;
        for (var step = 0; step < StepsAGeneration; step++)
        {
            var answer = await context.CallActivityAsync(
                StepName, new StepInput(input.Tenant, input.Connection, input.Grant, nudged), Patient);
            if (answer.Ended)
            {
                return Done.Value;
            }

            nudged &= !answer.Looked;
            if (answer.WaitUntil is { } until)
            {
                nudged |= await WaitAsync(context, until, answer.Pause);
            }
        }

        context.ContinueAsNew(input with { Nudged = nudged });
        return Done.Value;
    }

    /// <summary>True when a nudge came before the time was up. Takes every further nudge that is already there with it.</summary>
    private static async Task<bool> WaitAsync(OrchestrationContext context, DateTimeOffset until, bool pause)
    {
        if (pause)
        {
            await context.CreateTimer(until, CancellationToken.None);
            return false;
        }

        using var timeUp = new CancellationTokenSource();
        using var nudgedFirst = new CancellationTokenSource();
        var timer = context.CreateTimer(until, nudgedFirst.Token);
        var nudge = context.WaitForExternalEvent(Nudge, timeUp.Token);
        if (await Task.WhenAny(nudge, timer) == timer)
        {
            // Not CancelAsync, here and below: it leaves the orchestration's thread, and the rest would never run.
            timeUp.Cancel();
            return false;
        }

        nudgedFirst.Cancel();
        while (true)
        {
            using var noMore = new CancellationTokenSource();
            var further = context.WaitForExternalEvent(Nudge, noMore.Token);
            if (!further.IsCompleted)
            {
                noMore.Cancel();
                return true;
            }
        }
    }

    /// <summary>
    /// Takes one step: plans it from the cursor, does it, and turns a passing failure into a pause. Idempotent: each
    /// step writes conditionally on the cursor it read.
    /// </summary>
    internal sealed class TakeStep(
        TenantScopes scopes, GmailMailboxes mailboxes, SyncOptions options, TimeProvider time)
        : Activity<StepInput, StepAnswer>
    {
        public override async Task<StepAnswer> RunAsync(
            ActivityContext context, StepInput input, CancellationToken cancellation)
        {
            if (await scopes.FindAsync(input.Tenant, cancellation) is not { } scope)
            {
                return new StepAnswer(Ended: true);
            }

            var connection = await scope.FindAsync(SyncKinds.Connection, input.Connection.Text, cancellation);
            if (connection?.Value.State != ConnectionState.Active || connection.Value.Grant != input.Grant)
            {
                return new StepAnswer(Ended: true);
            }

            var cursor = await scope.FindAsync(SyncKinds.Cursor, input.Connection.Text, cancellation);
            var now = time.GetUtcNow();
            var plan = SyncPlan.Next(cursor?.Value, options.PushTopic.Length > 0, input.Nudged, options.PollInterval, now);
            if (plan is SyncStep.Wait wait)
            {
                return new StepAnswer(WaitUntil: wait.Until);
            }

            var step = new StepScope(
                scope, connection.Value, cursor, mailboxes.Of(input.Tenant, input.Connection, HurryOf(plan)), input.Nudged, now);
            var outcome = await TakeAsync(plan, step, cancellation);
            return outcome.Failure is null
                ? new StepAnswer(Looked: plan is SyncStep.FollowHistory)
                : await PauseAsync(step, outcome.Failure, cancellation);
        }

        private static CallPriority HurryOf(SyncStep plan) =>
            plan is SyncStep.ListPage or SyncStep.SweepPage ? CallPriority.Backfill : CallPriority.Following;

        private Task<Outcome<Done>> TakeAsync(SyncStep plan, StepScope step, CancellationToken cancellation) => plan switch
        {
            SyncStep.Begin => BeginReading.RunAsync(step, cancellation),
            SyncStep.ListPage => ListPage.RunAsync(step, options, cancellation),
            SyncStep.SweepPage => SweepPage.RunAsync(step, options, cancellation),
            SyncStep.RenewWatch => RenewWatch.RunAsync(step, options, cancellation),
            SyncStep.FollowHistory => FollowHistory.RunAsync(step, options, cancellation),
            _ => throw new InvalidOperationException("An unknown step."),
        };

        private async Task<StepAnswer> PauseAsync(StepScope step, Failure why, CancellationToken cancellation)
        {
            if (why is SyncFailures.ScopeMissing)
            {
                // No retry brings a permission back: only the owner's consent does.
                await LoseConnection.RunAsync(step.Tenant, step.Connection.Id, step.Connection.Grant, why.Code, step.Now, cancellation);
                return new StepAnswer(Ended: true);
            }

            if (why is SyncFailures.GrantDead or SyncFailures.NotConnected)
            {
                return new StepAnswer(Ended: true);
            }

            // Before the first step there is no cursor to count in; the pause is then a middling one.
            var failures = (step.Cursor?.Value.Failures ?? FailuresUncounted) + 1;
            var pause = why is SyncFailures.RateLimited limited ? limited.Wait : SyncPlan.PauseAfter(failures);
            if (step.Cursor is { } cursor)
            {
                var counted = cursor.Value with { Failures = failures };
                await step.Tenant.CommitAsync(
                    [step.Tenant.Put(SyncKinds.Cursor, counted, Condition.Is(cursor.Version))], cancellation);
            }

            return new StepAnswer(WaitUntil: time.GetUtcNow() + pause, Pause: true);
        }
    }
}
