using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Answers at once when the instance is completed or missing, and else with the turn that completes it.
/// </summary>
internal sealed class AwaitCompletion(InstanceId instance) : HubCommand
{
    private InstanceStatus? known;
    private bool wait;

    public TaskCompletionSource<InstanceStatus?> Waiter { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Apply(HubCore core)
    {
        known = core.Tables.Instances.Status(instance);
        wait = known is { } status && !status.Status.IsFinal();
        if (wait)
        {
            core.Waiters.Add(instance, Waiter);
        }
    }

    public override void Committed(HubCore core)
    {
        if (!wait)
        {
            Waiter.TrySetResult(known);
        }
    }

    public override void Refused(Exception cause) => Waiter.TrySetException(cause);
}

/// <summary>The caller has gone.</summary>
internal sealed class ForgetWaiter(InstanceId instance, TaskCompletionSource<InstanceStatus?> waiter) : HubCommand
{
    public override void Apply(HubCore core) => core.Waiters.Remove(instance, waiter);
}
