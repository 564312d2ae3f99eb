using PracticPro.Approvals.Published;
using PracticPro.Durable;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>
/// The life of one approval as a workflow: waits for a person, for the undo delay, for the provider. What is stored in
/// the approval decides each step; the workflow only carries it on, through crashes and for days. Running it a second
/// time therefore does nothing a second time.
/// </summary>
internal sealed class AwaitApproval : Orchestration<AwaitApproval.Input, Done>
{
    public static readonly OrchestrationName<Input, Done> Name = new("await-approval");
    public static readonly ActivityName<Input, StepAnswer> StepName = new("take-approval-step");

    /// <summary>Says that the approval changed. Carries nothing: how it stands is read.</summary>
    public static readonly EventName<Done> Changed = new("approval-changed");

    public static readonly Actor Job = new Actor.Job("mail-sender");

    // Steps before the history is dropped and the loop begins anew with an empty one.
    private const int StepsAGeneration = 20;

    private static readonly RetryPolicy Patient = new(TimeSpan.FromSeconds(1), maxAttempts: 1_000, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
    };

    public sealed record Input(TenantId Tenant, ApprovalId Approval);

    /// <param name="WaitUntil">Nothing to do until then; null: there is more to do now.</param>
    /// <param name="Pause">The provider needs time: no change cuts the wait short.</param>
    public sealed record StepAnswer(DateTimeOffset? WaitUntil = null, bool Pause = false, bool Ended = false);

    public static InstanceId InstanceOf(TenantId tenant, ApprovalId approval) => InstanceId.For(tenant, approval.Text);

    public override async Task<Done> RunAsync(OrchestrationContext context, Input input)
    {
        for (var step = 0; step < StepsAGeneration; step++)
        {
            var answer = await context.CallActivityAsync(StepName, input, Patient);
            if (answer.Ended)
            {
                return Done.Value;
            }

            if (answer.WaitUntil is { } until)
            {
                await (answer.Pause ? context.CreateTimer(until, CancellationToken.None) : UntilChangedAsync(context, until));
            }
        }

        context.ContinueAsNew(input);
        return Done.Value;
    }

    private static async Task UntilChangedAsync(OrchestrationContext context, DateTimeOffset until)
    {
        using var timeUp = new CancellationTokenSource();
        using var changed = new CancellationTokenSource();
        var timer = context.CreateTimer(until, changed.Token);
        var change = context.WaitForExternalEvent(Changed, timeUp.Token);
        var first = await Task.WhenAny(change, timer);

        // Not CancelAsync: it leaves the orchestration's thread, and what comes after it would never run.
        (first == timer ? timeUp : changed).Cancel();
    }
}
