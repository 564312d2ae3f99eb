namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// A piece of writing that waits its turn. It may be run more than once (each time after the run before was rolled
/// back), so its work touches the file and its own result only. Exactly one of Succeed and Fail ends it.
/// </summary>
internal abstract class PendingWrite
{
    /// <summary>False when the caller has given up; then it has been told so, and nothing must be run.</summary>
    public abstract bool StillWanted();

    public abstract void Run(Writer writer);

    /// <summary>What was run is on the disk.</summary>
    public abstract void Succeed();

    /// <summary>What was run is rolled back.</summary>
    public abstract void Fail(Exception why);
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<Writer, T> work, CancellationToken cancellation) : PendingWrite
{
    // The caller goes on elsewhere: its code must not run on a write thread.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    public Task<T> Done => done.Task;

    public override bool StillWanted()
    {
        if (cancellation.IsCancellationRequested)
        {
            done.SetCanceled(cancellation);
        }

        return !cancellation.IsCancellationRequested;
    }

    public override void Run(Writer writer) => result = work(writer);

    public override void Succeed() => done.SetResult(result!);

    public override void Fail(Exception why) => done.SetException(why);
}
