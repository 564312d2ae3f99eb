using PracticPro.Durable;
using PracticPro.Kernel;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// Carries a destruction that is on record to its end, step by step (ENC-4): keys are announced to be dead, deleted, the
/// certificate is sealed, and weeks later it is final. Failures are tried again for as long as it takes.
/// </summary>
internal sealed class DestroyKeys : Orchestration<DestroyKeys.Input, Done>
{
    public static readonly OrchestrationName<Input, Done> Name = new("destroy-keys");
    public static readonly ActivityName<Input, Answer> StepName = new("take-destruction-step");

    // Steps before the history is dropped and the loop begins anew with an empty one.
    private const int StepsAGeneration = 20;

    private static readonly RetryPolicy Patient = new(TimeSpan.FromSeconds(1), maxAttempts: 1_000_000, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(15),
    };

    public sealed record Input(TenantId Tenant);

    /// <param name="State">On record after the step.</param>
    /// <param name="WaitUntil">Nothing to do until then; null: there is more to do now, unless it ended.</param>
    public sealed record Answer(KeyEndState State, DateTimeOffset? WaitUntil = null)
    {
        public bool HasEnded => State == KeyEndState.Final;
    }

    public static InstanceId InstanceOf(TenantId tenant) => InstanceId.For(DestructionShelf.Owner, $"destroy.{tenant}");

    public override async Task<Done> RunAsync(OrchestrationContext context, Input input)
    {
        for (var step = 0; step < StepsAGeneration; step++)
        {
            var answer = await context.CallActivityAsync(StepName, input, Patient);
            if (answer.HasEnded)
            {
                return Done.Value;
            }

            if (answer.WaitUntil is { } until)
            {
                await context.CreateTimer(until, CancellationToken.None);
            }
        }

        context.ContinueAsNew(input);
        return Done.Value;
    }

    internal sealed class TakeStep(DestructionSteps steps) : Activity<Input, Answer>
    {
        public override Task<Answer> RunAsync(ActivityContext context, Input input, CancellationToken cancellation) =>
            steps.TakeAsync(input.Tenant, cancellation);
    }
}
