using PracticPro.Durable;

namespace PracticPro.Tests.Durable;

/// <summary>An orchestration written in the test that runs it.</summary>
internal sealed class LambdaOrchestration<TInput, TOutput>(
    Func<OrchestrationContext, TInput, Task<TOutput>> code) : Orchestration<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(OrchestrationContext context, TInput input) => code(context, input);
}

/// <summary>An activity written in the test that runs it.</summary>
internal sealed class LambdaActivity<TInput, TOutput>(
    Func<ActivityContext, TInput, CancellationToken, Task<TOutput>> code) : Activity<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(ActivityContext context, TInput input, CancellationToken cancellation) =>
        code(context, input, cancellation);
}

internal static class Lambdas
{
    public static readonly ActivityName<int, int> AddOne = new("add-one");

    /// <summary>Registers <see cref="AddOne"/>.</summary>
    public static DurableRegistry WithAddOne(this DurableRegistry registry) =>
        registry.Activity(AddOne, (_, number) => number + 1);

    public static DurableRegistry Code<TInput, TOutput>(
        this DurableRegistry registry,
        OrchestrationName<TInput, TOutput> name,
        Func<OrchestrationContext, TInput, Task<TOutput>> code) =>
        registry.AddOrchestration(name, () => new LambdaOrchestration<TInput, TOutput>(code));

    public static DurableRegistry Activity<TInput, TOutput>(
        this DurableRegistry registry,
        ActivityName<TInput, TOutput> name,
        Func<ActivityContext, TInput, TOutput> code) =>
        registry.Activity(name, (context, input, _) => Task.FromResult(code(context, input)));

    public static DurableRegistry Activity<TInput, TOutput>(
        this DurableRegistry registry,
        ActivityName<TInput, TOutput> name,
        Func<ActivityContext, TInput, CancellationToken, Task<TOutput>> code) =>
        registry.AddActivity(name, _ => new LambdaActivity<TInput, TOutput>(code));
}
