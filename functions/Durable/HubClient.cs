using System.Text.Json;
using PracticPro.Durable.Execution;
using PracticPro.Kernel;

namespace PracticPro.Durable;

/// <summary>The typed face of a hub. Adds types and nothing else; every promise is <see cref="IHub"/>'s.</summary>
internal sealed class HubClient(IHub hub)
{
    public ValueTask<StartOutcome> StartAsync<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name,
        InstanceId instance,
        TInput input,
        CancellationToken cancellation) =>
        hub.StartAsync(new StartRequest(name.Text, instance, ToJson(input)), cancellation);

    /// <summary>The same, but a completed run with that id gives way.</summary>
    public ValueTask<StartOutcome> RestartAsync<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name,
        InstanceId instance,
        TInput input,
        CancellationToken cancellation) =>
        hub.StartAsync(new StartRequest(name.Text, instance, ToJson(input), RestartCompleted: true), cancellation);

    public ValueTask<RaiseOutcome> RaiseEventAsync<T>(
        InstanceId instance,
        EventName<T> name,
        T payload,
        DeliveryId delivery,
        CancellationToken cancellation) =>
        hub.RaiseEventAsync(new RaiseRequest(instance, name.Text, ToJson(payload), delivery), cancellation);

    public ValueTask<CommandOutcome> TerminateAsync(
        InstanceId instance,
        string reason,
        bool withChildren,
        CancellationToken cancellation) => hub.TerminateAsync(instance, reason, withChildren, cancellation);

    public ValueTask<CommandOutcome> SuspendAsync(
        InstanceId instance,
        string reason,
        CancellationToken cancellation) => hub.SuspendAsync(instance, reason, cancellation);

    public ValueTask<CommandOutcome> ResumeAsync(
        InstanceId instance,
        string reason,
        CancellationToken cancellation) => hub.ResumeAsync(instance, reason, cancellation);

    public ValueTask<PurgeOutcome> PurgeAsync(InstanceId instance, CancellationToken cancellation) =>
        hub.PurgeAsync(instance, cancellation);

    public ValueTask<InstanceStatus?> GetStatusAsync(InstanceId instance, CancellationToken cancellation) =>
        hub.GetStatusAsync(instance, cancellation);

    public ValueTask<Page<InstanceStatus>> ListAsync(
        InstanceQuery query,
        Cursor? from,
        CancellationToken cancellation) => hub.ListAsync(query, from, cancellation);

    public ValueTask<InstanceStatus?> WaitForCompletionAsync(
        InstanceId instance,
        TimeSpan timeout,
        CancellationToken cancellation) => hub.WaitForCompletionAsync(instance, timeout, cancellation);

    /// <summary>The output of a completed instance.</summary>
    public static TOutput OutputOf<TInput, TOutput>(OrchestrationName<TInput, TOutput> name, InstanceStatus status) =>
        string.Equals(name.Text, status.Name, StringComparison.OrdinalIgnoreCase)
            ? Payload.Decode<TOutput>(status.Output)
            : throw new ArgumentException("The instance runs another orchestration.", nameof(status));

    // The hub itself checks the size and names the outcome, so that every engine's clients meet the same answer.
    private static string? ToJson<T>(T value) =>
        value is null ? null : JsonSerializer.Serialize(value, JsonShapes.Stored);
}
