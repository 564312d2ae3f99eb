using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>
/// The part of a host, without a store: takes turns, records what they ask for, and hands out the answers it is told
/// to. Every turn is run three times, fresh, fresh again, and on the kept run; the three must agree.
/// </summary>
internal sealed class History<TInput, TOutput>
{
    public static readonly OrchestrationName<TInput, TOutput> Name = new("under-test");
    private static readonly InstanceId Instance = InstanceId.Parse("instance");
    private readonly DurableRegistry registry;
    private readonly OrchestrationRun kept;
    private IReadOnlyList<HistoryEvent> unseen = [];

    public History(Func<OrchestrationContext, TInput, Task<TOutput>> code)
    {
        registry = new DurableRegistry().Code(Name, code);
        kept = new OrchestrationRun(Instance, registry, NullLoggerFactory.Instance);
    }

    public static History<TInput, TOutput> Of(Func<OrchestrationContext, TInput, Task<TOutput>> code) => new(code);

    public List<HistoryEvent> Past { get; } = [];

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public TurnResult Last { get; private set; } = new([], null, false);

    public OrchestratorAction.CompleteOrchestration? End =>
        Last.Actions.OfType<OrchestratorAction.CompleteOrchestration>().SingleOrDefault();

    public History<TInput, TOutput> Start(TInput input) => Turn(Started(input));

    public HistoryEvent Started(TInput input) => new HistoryEvent.ExecutionStarted(
        Now, Name.Text, Payload.Encode(input, PayloadPlace.Input), Instance, "run-1");

    public HistoryEvent Done<T>(int id, T result) =>
        new HistoryEvent.TaskCompleted(Now, id, Payload.Encode(result, PayloadPlace.Output));

    public HistoryEvent Failed(int id, string code, bool nonRetriable = false) =>
        new HistoryEvent.TaskFailed(Now, id, new FailureDetails("test", code, nonRetriable));

    public HistoryEvent Fired(int id) => new HistoryEvent.TimerFired(Now, Now, id);

    public HistoryEvent Raised<T>(string name, T payload) =>
        new HistoryEvent.EventRaised(Now, name, Payload.Encode(payload, PayloadPlace.Event));

    public History<TInput, TOutput> After(TimeSpan passed)
    {
        Now += passed;
        return this;
    }

    /// <summary>One turn with these new events; what it asks for is recorded.</summary>
    public History<TInput, TOutput> Turn(params HistoryEvent[] events)
    {
        HistoryEvent[] news = [new HistoryEvent.OrchestratorStarted(Now), .. events];
        Last = Replay(news);
        Assert.Equal(Wire(Last), Wire(Replay(news)));
        Assert.Equal(Wire(Last), Wire(kept.Advance(unseen, news)));
        unseen = [.. Last.Actions.Select(action => action.ToEvent(Now)), new HistoryEvent.OrchestratorCompleted(Now)];
        Past.AddRange(news);
        Past.AddRange(unseen);
        return this;
    }

    /// <summary>The same turn again from nothing, with other code if given.</summary>
    public TurnResult Replay(HistoryEvent[] news, Func<OrchestrationContext, TInput, Task<TOutput>>? changed = null)
    {
        var code = changed is null ? registry : new DurableRegistry().Code(Name, changed);
        return OrchestrationExecutor.Execute(new TurnRequest(Instance, Past, news), code, NullLoggerFactory.Instance);
    }

    public TOutput Output()
    {
        var end = Assert.IsType<OrchestratorAction.CompleteOrchestration>(End);
        Assert.Equal(OrchestrationStatus.Completed, end.Status);
        return Payload.Decode<TOutput>(end.Result);
    }

    public FailureDetails Failure()
    {
        Assert.Equal(OrchestrationStatus.Failed, End?.Status);
        return Assert.IsType<FailureDetails>(End?.Failure);
    }

    private static string Wire(TurnResult result) =>
        System.Text.Json.JsonSerializer.Serialize(result, PracticPro.Kernel.JsonShapes.Stored);
}
