using PracticPro.Durable.Execution;

namespace PracticPro.Durable;

/// <summary>What the engines run; write an <see cref="Activity{TInput,TOutput}"/>.</summary>
internal abstract class Activity
{
    /// <summary>Runs on stored JSON. A null is an input or output that was never given.</summary>
    internal abstract Task<string?> RunAsync(ActivityContext context, string? input, CancellationToken cancellation);
}

/// <summary>
/// One step of a workflow that touches the world. Delivered at least once: a second delivery carries the same
/// <see cref="ActivityContext.IdempotencyKey"/>. An expected failure is thrown as <see cref="StepFailedException"/>.
/// Any other exception fails the step with its type name only. Input and output hold ids, never content.
/// </summary>
internal abstract class Activity<TInput, TOutput> : Activity
{
    /// <param name="cancellation">Set when the program stops; the step is then delivered again later.</param>
    public abstract Task<TOutput> RunAsync(ActivityContext context, TInput input, CancellationToken cancellation);

    internal sealed override async Task<string?> RunAsync(
        ActivityContext context,
        string? input,
        CancellationToken cancellation) =>
        Payload.Encode(
            await RunAsync(context, Payload.Decode<TInput>(input), cancellation),
            PayloadPlace.Output);
}

/// <summary>What an activity knows of the call that it answers.</summary>
/// <param name="InstanceId">The instance that called.</param>
/// <param name="IdempotencyKey">
/// Equal for every delivery and every retry attempt of one logical call, different for every other call.
/// </param>
/// <param name="Attempt">From 1; grows with the retry policy's attempts, not with redeliveries.</param>
internal sealed record ActivityContext(InstanceId InstanceId, IdempotencyKey IdempotencyKey, int Attempt);

/// <summary>Names one logical call of an activity, for the outside world to de-duplicate by.</summary>
internal readonly record struct IdempotencyKey(string Text)
{
    public override string ToString() => Text;
}
