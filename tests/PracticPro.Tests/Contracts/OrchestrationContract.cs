using PracticPro.Durable;
using PracticPro.Tests.Durable;

namespace PracticPro.Tests.Contracts;

/// <summary>
/// What every engine does with an orchestration, seen from its code and from its clients: the list of the Durable Task
/// clients' own tests, for a worker without entities. One file an aspect. An engine may hand out work more than once
/// and run code again from the start at any time; no test counts on the number of runs.
/// </summary>
public abstract partial class OrchestrationContract
{
    private protected static readonly OrchestrationName<int, int> Whole = new("whole");
    private protected static readonly OrchestrationName<int, string> Told = new("told");
    private protected static readonly OrchestrationName<int, int> Child = new("child");
    private protected static readonly ActivityName<int, int> Step = new("step");
    private protected static readonly EventName<string> Word = new("word");
    private protected static readonly EventName<int> Go = new("go");
    private protected static readonly InstanceId One = InstanceId.Parse("one");
    private protected static readonly InstanceId Two = InstanceId.Parse("two");
    private protected static readonly CancellationToken Never = CancellationToken.None;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A clean engine that runs what <paramref name="fill"/> registers.</summary>
    private protected abstract Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill);

    private protected Task<IEngineUnderTest> StartAsync(
        Func<OrchestrationContext, int, Task<string>> told,
        Action<DurableRegistry>? more = null) =>
        StartAsync(registry =>
        {
            registry.Code(Told, told);
            more?.Invoke(registry);
        });

    private protected Task<IEngineUnderTest> StartAsync(
        Func<OrchestrationContext, int, Task<int>> whole,
        Action<DurableRegistry>? more = null) =>
        StartAsync(registry =>
        {
            registry.Code(Whole, whole);
            more?.Invoke(registry);
        });
}
