using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// Answers at once when the instance is as far as was asked, or missing, and else with the turn that brings it there.
/// </summary>
internal sealed class AwaitInstance : HubCommand
{
    private readonly InstanceId instance;
    private readonly Func<OrchestrationStatus, bool> isThere;
    private readonly Func<HubCore, Waiters> whoWait;
    private InstanceStatus? known;
    private bool wait;

    private AwaitInstance(
        InstanceId instance, Func<OrchestrationStatus, bool> isThere, Func<HubCore, Waiters> whoWait) =>
        (this.instance, this.isThere, this.whoWait) = (instance, isThere, whoWait);

    public TaskCompletionSource<InstanceStatus?> Waiter { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Until it has taken its first turn.</summary>
    public static AwaitInstance Start(InstanceId instance) =>
        new(instance, static status => status != OrchestrationStatus.Pending, static core => core.Starts);

    /// <summary>Until it is completed.</summary>
    public static AwaitInstance Completion(InstanceId instance) =>
        new(instance, static status => status.IsFinal(), static core => core.Waiters);

    /// <summary>For a caller who has gone.</summary>
    public HubCommand Forget() => new ForgetWaiter(this);

    public override void Apply(HubCore core)
    {
        known = core.Tables.Instances.Status(instance);
        wait = known is not null && !isThere(known.Status);
        if (wait)
        {
            whoWait(core).Add(instance, Waiter);
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

    private sealed class ForgetWaiter(AwaitInstance gone) : HubCommand
    {
        public override void Apply(HubCore core) => gone.whoWait(core).Remove(gone.instance, gone.Waiter);
    }
}
