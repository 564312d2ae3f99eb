using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>
/// Runs one activity in a scope of services of its own, whatever engine asks. A failure is an answer; the only exception
/// is a cancellation that was asked for, after which nobody may say how far the step came.
/// </summary>
internal sealed class ActivityRunner(DurableRegistry registry, IServiceProvider services, ILogger log)
{
    /// <param name="stored">The envelope that the orchestration sealed.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was set.</exception>
    public async Task<ActivityOutcome> RunAsync(
        InstanceId instance,
        string name,
        string? stored,
        CancellationToken cancellation)
    {
        FailureDetails failure;
        try
        {
            await using var scope = services.CreateAsyncScope();
            if (registry.TryMakeActivity(name, scope.ServiceProvider, out var activity))
            {
                var envelope = ActivityEnvelope.Open(stored);
                var context = new ActivityContext(instance, new IdempotencyKey(envelope.Call), envelope.Attempt);
                return new ActivityOutcome(await activity.RunAsync(context, envelope.Input, cancellation), null);
            }

            failure = FailureDetails.OfEngine(FailureCodes.ActivityNotRegistered, name);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failed)
        {
            failure = FailureDetails.Of(failed);
        }

        DurableLog.ActivityFailed(log, instance, name, failure.Type, failure.Code);
        return new ActivityOutcome(null, failure);
    }
}

/// <summary>What an activity came to.</summary>
/// <param name="Output">JSON text, or null for none.</param>
/// <param name="Failure">Null when it succeeded.</param>
internal sealed record ActivityOutcome(string? Output, FailureDetails? Failure);
