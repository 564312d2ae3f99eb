using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>Runs one activity on the pool and posts its answer.</summary>
internal sealed class ActivityJob(Workers workers, TaskRow task, InstanceId instance) : IThreadPoolWorkItem
{
    public void Execute() => _ = ExecuteAsync();

    private async Task ExecuteAsync()
    {
        HistoryEvent? answer;
        try
        {
            var outcome = await workers.Activities.RunAsync(instance, task.Name, task.Input, workers.Stopping);
            var now = workers.Time.GetUtcNow();
            answer = outcome.Failure is null
                ? new HistoryEvent.TaskCompleted(now, task.Task, outcome.Output)
                : new HistoryEvent.TaskFailed(now, task.Task, outcome.Failure);
        }
        catch (OperationCanceledException)
        {
            // Not an answer: the row stays, and the next start delivers it again.
            answer = null;
        }

        var stored = answer is null ? [] : HistoryJson.Format([answer]);
        workers.Queue.Post(new ApplyActivity(task, answer, stored));
    }
}
