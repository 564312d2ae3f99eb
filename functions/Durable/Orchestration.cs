using PracticPro.Durable.Execution;

namespace PracticPro.Durable;

/// <summary>What the executor runs; write an <see cref="Orchestration{TInput,TOutput}"/>.</summary>
internal abstract class Orchestration
{
    /// <summary>Runs on stored JSON. A null is an input or output that was never given.</summary>
    internal abstract Task<string?> RunAsync(OrchestrationContext context, string? input);
}

/// <summary>
/// A workflow as one small class. Its code is run again from the start whenever something happened, with the same
/// answers, until it reaches the place where it left off. So it must be a function of its input and of what the
/// context gives: no clock, no random, no I/O, no other thread, no awaiting of anything the context did not make.
/// Everything else is done by activities. It holds ids, never content: all it touches is stored in the clear.
/// </summary>
internal abstract class Orchestration<TInput, TOutput> : Orchestration
{
    public abstract Task<TOutput> RunAsync(OrchestrationContext context, TInput input);

    internal sealed override async Task<string?> RunAsync(OrchestrationContext context, string? input) =>
        Payload.Encode(await RunAsync(context, Payload.Decode<TInput>(input)), PayloadPlace.Output);
}
