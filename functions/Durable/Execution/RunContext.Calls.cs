using System.Globalization;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>Calls of activities and sub-orchestrations, with their retries.</summary>
internal sealed partial class RunContext
{
    public override Task<TOutput> CallActivityAsync<TInput, TOutput>(
        ActivityName<TInput, TOutput> name,
        TInput input,
        RetryPolicy? retry = null)
    {
        thread.Demand();
        var json = Payload.Encode(input, PayloadPlace.Input);

        // The first attempt's id names the logical call: equal in every replay and for every attempt.
        string? key = null;
        return Retry(retry, attempt =>
        {
            var id = Pending.TakeId();
            key ??= string.Create(CultureInfo.InvariantCulture, $"{executionId}.{id}");
            var envelope = ActivityEnvelope.Seal(new IdempotencyKey(key), attempt, json);
            Pending.Add(new OrchestratorAction.ScheduleTask(id, name.Text, envelope));
            return Calls.Open<TOutput>(id, name.Text);
        });
    }

    public override Task<TOutput> CallSubOrchestrationAsync<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name,
        TInput input,
        InstanceId? instance = null,
        RetryPolicy? retry = null)
    {
        thread.Demand();
        var json = Payload.Encode(input, PayloadPlace.Input);
        return Retry(retry, attempt =>
        {
            // A failed child keeps its id, so another attempt needs another one.
            var child = attempt == 1 && instance is { } named ? named : InstanceId.Child(NewGuid());
            var id = Pending.TakeId();
            Pending.Add(new OrchestratorAction.CreateSubOrchestration(id, child, name.Text, json));
            return Calls.Open<TOutput>(id, name.Text);
        });
    }

    private Task<T> Retry<T>(RetryPolicy? policy, Func<int, Task<T>> call) =>
        policy is null ? call(1) : RetryAsync(policy, call);

    private async Task<T> RetryAsync<T>(RetryPolicy policy, Func<int, Task<T>> call)
    {
        var firstAt = Now;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return await call(attempt);
            }
            catch (TaskFailedException failed)
            {
                if (policy.DelayAfter(failed.Failure, attempt, Now - firstAt) is not { } wait)
                {
                    throw;
                }

                delay = wait;
            }

            await CreateTimer(delay, CancellationToken.None);
        }
    }
}
