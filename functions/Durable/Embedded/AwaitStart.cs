using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>Answers when the instance has taken its first turn; at once when it has, or when there is none.</summary>
internal sealed class AwaitStart(InstanceId instance) : HubCommand
{
    private InstanceStatus? known;
    private bool wait;

    public TaskCompletionSource<InstanceStatus?> Waiter { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Apply(HubCore core)
    {
        known = core.Tables.Instances.Status(instance);
        wait = known is { Status: OrchestrationStatus.Pending };
        if (wait)
        {
            core.Starts.Add(instance, Waiter);
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
internal sealed class ForgetStartWaiter(InstanceId instance, TaskCompletionSource<InstanceStatus?> waiter) : HubCommand
{
    public override void Apply(HubCore core) => core.Starts.Remove(instance, waiter);
}
