namespace PracticPro.FunctionsHost;

/// <summary>What the host has done since it was started.</summary>
internal sealed class HostStatistics
{
    private readonly long[] _counts = new long[Enum.GetValues<Figure>().Length];

    public long this[Figure figure] => Interlocked.Read(ref _counts[(int)figure]);

    public void Count(Figure figure) => Interlocked.Increment(ref _counts[(int)figure]);
}

internal enum Figure
{
    Turns,
    TurnsAbandoned,
    TurnsRepeated,

    /// <summary>A repeated turn whose answer had other bytes.</summary>
    TurnsDiffering,
    Activities,
    HttpCalls,
    QueueMessages,
    PoisonMessages,
    TimerCalls,
    HandlerStarts,
    FunctionTimeouts,
    FaultsInjected,

    /// <summary>Instances the host itself failed for good.</summary>
    InstancesFailedByHost,
    DuplicatesInjected,
    EventsReordered,
}
