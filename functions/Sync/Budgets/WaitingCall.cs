using PracticPro.Kernel;

namespace PracticPro.Sync.Budgets;

/// <summary>Somebody who wants to make a call. Ends once: let in, sent away, or given up.</summary>
internal sealed class WaitingCall(CallOrder order, TimeSpan enteredAt)
{
    private readonly TaskCompletionSource<Outcome<CallLease>> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallOrder Order => order;

    public TimeSpan EnteredAt => enteredAt;

    public bool IsOver => end.Task.IsCompleted;

    public Task<Outcome<CallLease>> End => end.Task;

    public void LetIn(CallLease lease) => end.SetResult(lease);

    public void SendAway(TimeSpan wait) => end.TrySetResult(new SyncFailures.RateLimited(wait));

    public void GiveUp(CancellationToken cancellation) => end.TrySetCanceled(cancellation);
}
