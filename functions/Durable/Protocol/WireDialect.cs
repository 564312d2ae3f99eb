using PracticPro.Durable.History;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// How an engine's events are read. All of them carry our events in an envelope with a delivery id; the Functions
/// extension also carries an activity's answer in one, and reports a lost process as a failure of the call.
/// </summary>
internal sealed class WireDialect
{
    private readonly bool answersAreSealed;

    private WireDialect(bool answersAreSealed) => this.answersAreSealed = answersAreSealed;

    /// <summary>Durable Task Scheduler, and a served hub.</summary>
    public static WireDialect Plain { get; } = new(answersAreSealed: false);

    /// <summary>The Durable extension of the Functions host, with our handler behind it.</summary>
    public static WireDialect Functions { get; } = new(answersAreSealed: true);

    /// <summary>Reads the events of one execution, oldest first. The same events always read the same.</summary>
    public IEnumerable<HistoryEvent> Read(IEnumerable<Wire.Event> events, TakenDeliveries delivered)
    {
        foreach (var wire in events)
        {
            if (Read(WireEvents.FromWire(wire), delivered) is { } happened)
            {
                yield return happened;
            }
        }
    }

    /// <summary>What a failure that an engine reports stands for.</summary>
    public FailureDetails? Read(FailureDetails? failure) => answersAreSealed && IsLost(failure)
        ? new FailureDetails(failure!.Type, FailureCodes.DeliveryLost)
        : failure;

    /// <summary>
    /// True for what the host says when it lost the handler: an answer that never came, a process that ended, a limit
    /// of time that passed. A handler of ours answers every call that it lives to answer.
    /// </summary>
    private static bool IsLost(FailureDetails? failure) => failure is not null
        && (failure.Type.StartsWith("Microsoft.Azure.WebJobs.", StringComparison.Ordinal)
            || failure.Type is "System.Net.Http.HttpRequestException");

    private HistoryEvent? Read(HistoryEvent happened, TakenDeliveries delivered) => happened switch
    {
        HistoryEvent.EventRaised carrier when delivered.TakeFrom(carrier) => null,
        HistoryEvent.EventRaised raised when EventDelivery.Open(raised.Input) is { } envelope =>
            delivered.Add(envelope.Delivery) ? raised with { Input = envelope.Payload } : null,
        HistoryEvent.TaskCompleted done when answersAreSealed =>
            ActivityAnswer.Open(done.Timestamp, done.TaskScheduledId, done.Result),
        HistoryEvent.TaskFailed failed => failed with { Failure = Read(failed.Failure) },
        // A turn that was given up is the engine's loss as well, where the child is concerned: a new one takes its place.
        HistoryEvent.SubOrchestrationFailed { Failure.Code: FailureCodes.TurnAbandoned } failed when answersAreSealed =>
            failed with { Failure = new FailureDetails(failed.Failure.Type, FailureCodes.DeliveryLost) },
        HistoryEvent.SubOrchestrationFailed failed => failed with { Failure = Read(failed.Failure) },
        _ => happened,
    };
}
