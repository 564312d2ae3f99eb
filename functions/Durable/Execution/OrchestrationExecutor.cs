namespace PracticPro.Durable.Execution;

/// <summary>
/// From past and new events to actions. Pure: the same events and code give the same actions, however often and on
/// whatever machine. Knows no store, no clock and no wire; engines stand around it.
/// </summary>
internal static class OrchestrationExecutor
{
    public static TurnResult Execute(TurnRequest turn, DurableRegistry registry, ILoggerFactory loggers) =>
        new OrchestrationRun(turn.InstanceId, registry, loggers).Advance(turn.PastEvents, turn.NewEvents);
}
