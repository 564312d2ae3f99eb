namespace PracticPro.Durable;

/// <summary>
/// All that an orchestration may use. Every answer is the same on every replay.
/// Only the orchestration's own thread may call it; anything else fails the instance.
/// </summary>
internal abstract class OrchestrationContext
{
    public abstract InstanceId InstanceId { get; }

    /// <summary>The time of the turn that first reached this line. Never goes back. Offset zero.</summary>
    public abstract DateTimeOffset CurrentUtcTime { get; }

    /// <summary>True while the past is gone through again. For logs only: no decision may rest on it.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Writes while not replaying, so that a line is written once (at least, after a crash).</summary>
    public abstract ILogger Logger { get; }

    /// <summary>RFC 9562 version 5; the same on every replay, different on every call.</summary>
    public abstract Guid NewGuid();

    /// <summary>Has a step done and gives its result.</summary>
    /// <exception cref="TaskFailedException">It failed, after the attempts of <paramref name="retry"/>.</exception>
    public abstract Task<TOutput> CallActivityAsync<TInput, TOutput>(
        ActivityName<TInput, TOutput> name,
        TInput input,
        RetryPolicy? retry = null);

    /// <summary>Starts a child instance and gives its output.</summary>
    /// <param name="instance">
    /// The child's id; null makes one that keeps the tenant. Retries always make new ones.
    /// </param>
    /// <exception cref="TaskFailedException">The child failed, was terminated, or its id is taken.</exception>
    public abstract Task<TOutput> CallSubOrchestrationAsync<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name,
        TInput input,
        InstanceId? instance = null,
        RetryPolicy? retry = null);

    /// <summary>
    /// Ends at that instant. Waits longer than three days are kept as a row of timers. A timer that is no longer
    /// wanted must be cancelled: an instance does not complete while one is open.
    /// </summary>
    public abstract Task CreateTimer(DateTimeOffset dueAt, CancellationToken cancellation);

    public Task CreateTimer(TimeSpan delay, CancellationToken cancellation) =>
        CreateTimer(CurrentUtcTime + delay, cancellation);

    /// <summary>
    /// The next event of that name. Events that came before are kept and handed out oldest first. Of several
    /// waiters the oldest is served first; cancelled ones are passed over, and lose no event.
    /// </summary>
    public abstract Task<T> WaitForExternalEvent<T>(EventName<T> name, CancellationToken cancellation);

    /// <summary>The same with an end. The first of event and timeout to be recorded wins.</summary>
    public abstract Task<Awaited<T>> WaitForExternalEvent<T>(
        EventName<T> name,
        TimeSpan timeout,
        CancellationToken cancellation);

    /// <summary>Sends an event to another instance. Nothing comes back; it is dropped when none is there.</summary>
    public abstract void SendEvent<T>(InstanceId instance, EventName<T> name, T payload);

    /// <summary>
    /// When the code returns, the instance starts over with this input and an empty history; the return value is
    /// not used. Events nobody took are kept, unless told otherwise.
    /// </summary>
    public abstract void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true);

    /// <summary>What a status query shows beside the runtime status. Ids and counts only.</summary>
    public abstract void SetCustomStatus<T>(T status);
}

/// <summary>An event that came, or a timeout.</summary>
/// <param name="Arrived">False when the time ran out; the value is then the default.</param>
internal readonly record struct Awaited<T>(bool Arrived, T? Value);
