using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>Runs one activity on the pool, in a scope of services of its own, and posts its answer.</summary>
internal sealed class ActivityJob(Workers workers, TaskRow task, InstanceId instance) : IThreadPoolWorkItem
{
    public void Execute() => _ = ExecuteAsync();

    private async Task ExecuteAsync()
    {
        HistoryEvent? answer;
        try
        {
            answer = new HistoryEvent.TaskCompleted(default, task.Task, await RunAsync());
        }
        catch (OperationCanceledException) when (workers.Stopping.IsCancellationRequested)
        {
            // Not an answer: the row stays, and the next start delivers it again.
            answer = null;
        }
        catch (UnknownActivityException)
        {
            answer = Failed(FailureDetails.OfEngine(FailureCodes.ActivityNotRegistered, task.Name));
        }
        catch (Exception failed)
        {
            answer = Failed(FailureDetails.Of(failed));
        }

        if (answer is HistoryEvent.TaskFailed { Failure: { } failure })
        {
            DurableLog.ActivityFailed(workers.Log, instance, task.Name, failure.Type, failure.Code);
        }

        var stamped = answer is null ? null : answer with { Timestamp = workers.Time.GetUtcNow() };
        var stored = stamped is null ? [] : HistoryJson.Format([stamped]);
        workers.Queue.Post(new ApplyActivity(task, stamped, stored));
    }

    private async Task<string?> RunAsync()
    {
        await using var scope = workers.Services.CreateAsyncScope();
        if (!workers.Registry.TryMakeActivity(task.Name, scope.ServiceProvider, out var activity))
        {
            throw new UnknownActivityException();
        }

        var envelope = ActivityEnvelope.Open(task.Input);
        var context = new ActivityContext(instance, new IdempotencyKey(envelope.Call), envelope.Attempt);
        return await activity.RunAsync(context, envelope.Input, workers.Stopping);
    }

    private HistoryEvent.TaskFailed Failed(FailureDetails failure) => new(default, task.Task, failure);

    private sealed class UnknownActivityException : Exception;
}
