using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>Activities, sub-orchestrations and timers that are awaited for an answer, by action id.</summary>
internal sealed class OpenCalls
{
    private readonly Dictionary<int, OpenCall> calls = [];

    public int Count => calls.Count;

    public Task<T> Open<T>(int id, string name)
    {
        var call = new OpenCall<T>(name);
        calls.Add(id, call);
        return call.Task;
    }

    /// <summary>
    /// Answers the call that the event is for. An unknown or repeated id is ignored: deliveries may be doubled.
    /// So is every other event: OrchestratorCompleted, Generic and the like have nothing for the code.
    /// </summary>
    public void Answer(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.TaskCompleted done:
                Complete(done.TaskScheduledId, done.Result);
                break;
            case HistoryEvent.TaskFailed failed:
                Fail(failed.TaskScheduledId, failed.Failure);
                break;
            case HistoryEvent.SubOrchestrationCompleted done:
                Complete(done.TaskScheduledId, done.Result);
                break;
            case HistoryEvent.SubOrchestrationFailed failed:
                Fail(failed.TaskScheduledId, failed.Failure);
                break;
            case HistoryEvent.TimerFired fired:
                Complete(fired.TimerId, null);
                break;
            default:
                break;
        }
    }

    private void Complete(int id, string? result)
    {
        if (calls.Remove(id, out var call))
        {
            OrchestratorThread.Complete(() => call.Complete(result));
        }
    }

    /// <summary>Fails a call. Hosts may leave the details out.</summary>
    private void Fail(int id, FailureDetails? failure)
    {
        if (calls.Remove(id, out var call))
        {
            OrchestratorThread.Complete(() => call.Fail(failure ?? FailureDetails.Unknown));
        }
    }

    /// <summary>Forgets a call; its later answer is ignored.</summary>
    public void Cancel(int id, CancellationToken cancellation)
    {
        if (calls.Remove(id, out var call))
        {
            OrchestratorThread.Complete(() => call.Cancel(cancellation));
        }
    }

    private abstract class OpenCall
    {
        public abstract void Complete(string? result);

        public abstract void Fail(FailureDetails failure);

        public abstract void Cancel(CancellationToken cancellation);
    }

    private sealed class OpenCall<T>(string name) : OpenCall
    {
        // Continuations run at once: the flag for asynchronous ones would send WhenAll's promise to the thread pool.
        private readonly TaskCompletionSource<T> source = new();

        public Task<T> Task => source.Task;

        public override void Complete(string? result) => Payload.Settle(source, result);

        public override void Fail(FailureDetails failure) =>
            source.TrySetException(new TaskFailedException(name, failure));

        public override void Cancel(CancellationToken cancellation) => source.TrySetCanceled(cancellation);
    }
}
