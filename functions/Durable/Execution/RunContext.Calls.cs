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
            var envelope = ActivityEnvelope.Seal(InstanceId, new IdempotencyKey(key), attempt, json);
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
        var isFirst = true;
        return Retry(retry, _ =>
        {
            // A failed child keeps its id, so another one needs another.
            var child = isFirst && instance is { } named ? named : InstanceId.Child(NewGuid());
            isFirst = false;
            var id = Pending.TakeId();
            Pending.Add(new OrchestratorAction.CreateSubOrchestration(id, child, name.Text, json));
            return Calls.Open<TOutput>(id, name.Text);
        });
    }

    /// <summary>
    /// How often and how soon a call is delivered again that an engine lost with the process that had it in hand. Those
    /// deliveries are no attempts: the step is at-least-once, and its own policy counts only answers. Bounded, since a
    /// step that takes every process down with it must end some day. The embedded hub never reports such a loss.
    /// </summary>
    private static readonly RetryPolicy Redelivery = new(TimeSpan.FromSeconds(1), maxAttempts: 12, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
        Retries = static failure => failure.Code == FailureCodes.DeliveryLost,
    };

    private Task<T> Retry<T>(RetryPolicy? policy, Func<int, Task<T>> call) =>
        policy is null
            ? RetryAsync(Redelivery, _ => call(1))
            : RetryAsync(policy, attempt => RetryAsync(Redelivery, _ => call(attempt)));

    private async Task<T> RetryAsync<T>(RetryPolicy policy, Func<int, Task<T>> call)
    {
        var firstAt = Now;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                // Outside the orchestration's context, as the answer comes: what waits for this task may have left that
                // context too, and must still run on this thread (see OrchestratorThread).
                return await call(attempt).ConfigureAwait(false);
            }
            catch (TaskFailedException failed)
            {
                if (policy.DelayAfter(failed.Failure, attempt, Now - firstAt) is not { } wait)
                {
                    throw;
                }

                delay = wait;
            }

            await CreateTimer(delay, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
