using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable;

/// <summary>
/// A task hub as its clients see it. Payloads are JSON text. Callers use <see cref="HubClient"/>, which is typed.
/// <list type="bullet">
/// <item>Durable: an outcome is given only after what it says is on disk.</item>
/// <item>Idempotent: start by instance id; raise by instance and delivery id; the others by nature.</item>
/// <item>Order: what one caller raises to one instance, one after another, arrives in that order.</item>
/// <item>A retry after a lost answer sees <see cref="StartOutcome.AlreadyExists"/> or
/// <see cref="RaiseOutcome.Raised"/>, and nothing is done twice.</item>
/// </list>
/// </summary>
internal interface IHub
{
    ValueTask<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellation);

    ValueTask<RaiseOutcome> RaiseEventAsync(RaiseRequest request, CancellationToken cancellation);

    /// <param name="reason">A code word; it becomes the output. Never content.</param>
    /// <param name="withChildren">Also ends every running sub-orchestration, and theirs.</param>
    ValueTask<CommandOutcome> TerminateAsync(
        InstanceId instance,
        string reason,
        bool withChildren,
        CancellationToken cancellation);

    /// <summary>Holds the instance: it keeps what arrives and does nothing, until resumed or terminated.</summary>
    ValueTask<CommandOutcome> SuspendAsync(InstanceId instance, string reason, CancellationToken cancellation);

    ValueTask<CommandOutcome> ResumeAsync(InstanceId instance, string reason, CancellationToken cancellation);

    /// <summary>
    /// Deletes a completed instance and its history. Ids of delivered events are kept for their time.
    /// </summary>
    ValueTask<PurgeOutcome> PurgeAsync(InstanceId instance, CancellationToken cancellation);

    /// <summary>Null when there is no such instance.</summary>
    ValueTask<InstanceStatus?> GetStatusAsync(InstanceId instance, CancellationToken cancellation);

    /// <summary>In order of creation. Sees what exists when each page is read.</summary>
    ValueTask<Page<InstanceStatus>> ListAsync(InstanceQuery query, Cursor? from, CancellationToken cancellation);

    /// <summary>The final status; null when there is no such instance, or when it has not completed in time.</summary>
    ValueTask<InstanceStatus?> WaitForCompletionAsync(
        InstanceId instance,
        TimeSpan timeout,
        CancellationToken cancellation);
}

/// <param name="Input">JSON text or null.</param>
/// <param name="RestartCompleted">When the id belongs to a completed run: purge it and start anew.</param>
internal sealed record StartRequest(string Name, InstanceId Instance, string? Input, bool RestartCompleted = false);

internal enum StartOutcome
{
    Started,

    /// <summary>The id is in use: by a live run, or by a completed one and no restart was asked for.</summary>
    AlreadyExists,

    /// <summary>The input is over the payload limit. Nothing was started.</summary>
    TooLarge,
}

/// <param name="Payload">JSON text or null.</param>
internal sealed record RaiseRequest(InstanceId Instance, string Event, string? Payload, DeliveryId Delivery);

internal enum RaiseOutcome
{
    /// <summary>It is in the instance's inbox, now or since an earlier call with the same delivery id.</summary>
    Raised,
    NotFound,
    AlreadyCompleted,

    /// <summary>The payload is over the limit. Nothing was raised.</summary>
    TooLarge,
}

internal enum CommandOutcome
{
    /// <summary>In the instance's inbox; takes effect with its next turn.</summary>
    Accepted,
    NotFound,
    AlreadyCompleted,
}

internal enum PurgeOutcome
{
    Purged,
    NotFound,
    NotCompleted,
}

/// <param name="Status">Null for all.</param>
/// <param name="IdPrefix">Null for all; <c>tenant:</c> for one tenant's.</param>
/// <param name="PageSize">1–500.</param>
internal sealed record InstanceQuery(OrchestrationStatus? Status = null, string? IdPrefix = null, int PageSize = 100);

/// <summary>An instance from outside. JSON texts are null where nothing was given.</summary>
/// <param name="Input">As it was started with. Only engines behind the protocol say it.</param>
/// <param name="Output">JSON, once completed; a code word in JSON when failed or terminated.</param>
internal sealed record InstanceStatus(
    InstanceId Instance,
    string Name,
    OrchestrationStatus Status,
    string? CustomStatus,
    string? Output,
    FailureDetails? Failure,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Input = null);
