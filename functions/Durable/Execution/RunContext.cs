using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>What the code sees of its run. Every call is refused off the orchestration's thread.</summary>
internal sealed partial class RunContext : OrchestrationContext
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);
    private readonly OrchestratorThread thread;
    private ILogger logger = NullLogger.Instance;
    private string executionId = "";
    private int guids;

    public RunContext(InstanceId instance, OrchestratorThread thread)
    {
        InstanceId = instance;
        this.thread = thread;
        Events = new EventBoard(thread);
    }

    public PendingActions Pending { get; } = new();

    public OpenCalls Calls { get; } = new();

    public EventBoard Events { get; }

    public bool Replaying { get; set; }

    public DateTimeOffset Now { get; set; }

    /// <summary>The input of the next generation, once the code has asked for one.</summary>
    public (string? Json, bool Preserve)? NewInput { get; private set; }

    public string? CustomStatus { get; private set; }

    public override InstanceId InstanceId { get; }

    public override DateTimeOffset CurrentUtcTime => Now;

    public override bool IsReplaying => Replaying;

    public override ILogger Logger => logger;

    public void Begin(string execution, ILogger target)
    {
        executionId = execution;
        logger = new ReplaySafeLogger(target, this);
    }

    public override Guid NewGuid()
    {
        thread.Demand();
        return DeterministicGuid.Make(InstanceId, Now, guids++);
    }

    public override async Task CreateTimer(DateTimeOffset dueAt, CancellationToken cancellation)
    {
        while (dueAt - Now > LongestTimer)
        {
            await StartTimer(Now + LongestTimer, cancellation);
        }

        await StartTimer(dueAt, cancellation);
    }

    public override Task<T> WaitForExternalEvent<T>(EventName<T> name, CancellationToken cancellation)
    {
        thread.Demand();
        return Events.Wait<T>(name.Text, cancellation);
    }

    public override async Task<Awaited<T>> WaitForExternalEvent<T>(
        EventName<T> name,
        TimeSpan timeout,
        CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var arrival = WaitForExternalEvent(name, either.Token);
        if (arrival.IsCompleted)
        {
            return new Awaited<T>(true, await arrival);
        }

        var timer = CreateTimer(timeout, either.Token);
        var first = await Task.WhenAny(arrival, timer);
        either.Cancel();
        if (first == arrival)
        {
            return new Awaited<T>(true, await arrival);
        }

        await timer;
        return default;
    }

    public override void SendEvent<T>(InstanceId instance, EventName<T> name, T payload)
    {
        thread.Demand();
        var json = Payload.Encode(payload, PayloadPlace.Event);
        Pending.Add(new OrchestratorAction.SendEvent(Pending.TakeId(), instance, name.Text, json));
    }

    public override void ContinueAsNew<TInput>(TInput input, bool preserveUnprocessedEvents = true)
    {
        thread.Demand();
        NewInput = (Payload.Encode(input, PayloadPlace.Input), preserveUnprocessedEvents);
    }

    public override void SetCustomStatus<T>(T status)
    {
        thread.Demand();
        CustomStatus = Payload.Encode(status, PayloadPlace.CustomStatus);
    }

    private Task StartTimer(DateTimeOffset dueAt, CancellationToken cancellation)
    {
        thread.Demand();
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        var id = Pending.TakeId();
        Pending.Add(new OrchestratorAction.CreateTimer(id, dueAt.ToUniversalTime()));
        var fired = Calls.Open<object?>(id, "timer");
        cancellation.Register(() => CancelTimer(id, cancellation), useSynchronizationContext: false);
        return fired;
    }

    private void CancelTimer(int id, CancellationToken cancellation)
    {
        // A source that cancels by a real clock comes from another thread, and is not heard.
        if (thread.Admits())
        {
            Calls.Cancel(id, cancellation);
        }
    }
}
