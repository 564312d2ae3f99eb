namespace PracticPro.Durable.Embedded;

/// <summary>One thing to do on the hub's thread, in the transaction of its batch.</summary>
internal abstract class HubCommand
{
    /// <summary>Reads and writes. Nothing of it may be seen outside yet. A throw stops the hub.</summary>
    public abstract void Apply(HubCore core);

    /// <summary>It is on disk: tell whoever waits.</summary>
    public virtual void Committed(HubCore core)
    {
    }

    /// <summary>It is not done and will not be.</summary>
    public virtual void Refused(Exception cause)
    {
    }
}

/// <summary>A command of a client, with an answer.</summary>
internal abstract class HubCommand<T> : HubCommand
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;

    public Task<T> Answer => answer.Task;

    public sealed override void Apply(HubCore core) => result = Decide(core);

    public override void Committed(HubCore core) => answer.TrySetResult(result);

    public sealed override void Refused(Exception cause) => answer.TrySetException(cause);

    protected abstract T Decide(HubCore core);
}
