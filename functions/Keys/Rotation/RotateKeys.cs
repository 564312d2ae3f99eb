using PracticPro.Durable;
using PracticPro.Kernel;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// The workflow of one rotation (ENC-2): one step after another, with the pauses they ask for, until it is finished. All that
/// counts is in the rotation's record; a fresh run goes on where the record is.
/// </summary>
internal sealed class RotateKeys : Orchestration<RotateKeys.Input, Done>
{
    public static readonly OrchestrationName<Input, Done> Name = new("rotate-keys");
    public static readonly ActivityName<Input, Answer> StepName = new("take-rotation-step");

    // Steps before the history is dropped and the loop begins anew with an empty one.
    private const int StepsAGeneration = 50;

    private static readonly RetryPolicy Patient = new(TimeSpan.FromSeconds(1), maxAttempts: 1_000, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
    };

    /// <param name="Rotation">Its id.</param>
    public sealed record Input(TenantId Tenant, string Rotation);

    public sealed record Answer(bool Ended, DateTimeOffset? WaitUntil);

    public static InstanceId InstanceOf(TenantId tenant, string rotation) => InstanceId.For(tenant, $"rotate-keys.{rotation}");

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
                await context.CreateTimer(until, CancellationToken.None);
            }
        }

        context.ContinueAsNew(input);
        return Done.Value;
    }

    internal sealed class TakeStep(AdvanceRotation advance) : Activity<Input, Answer>
    {
        public override async Task<Answer> RunAsync(ActivityContext context, Input input, CancellationToken cancellation)
        {
            var answer = await advance.RunAsync(input.Tenant, input.Rotation, cancellation);
            return new Answer(answer.Ended, answer.WaitUntil);
        }
    }
}
