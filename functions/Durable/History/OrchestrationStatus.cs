namespace PracticPro.Durable.History;

/// <summary>State of an instance. The numbers are those of the Durable Task protocol and of the hub's tables.</summary>
internal enum OrchestrationStatus
{
    Running = 0,
    Completed = 1,
    ContinuedAsNew = 2,
    Failed = 3,
    Canceled = 4,
    Terminated = 5,

    /// <summary>Accepted and durable; its first turn has not been taken.</summary>
    Pending = 6,
    Suspended = 7,
}

internal static class OrchestrationStatusMoves
{
    /// <summary>True when nothing will happen to the instance any more, other than a restart or a purge.</summary>
    public static bool IsFinal(this OrchestrationStatus status) => status is
        OrchestrationStatus.Completed or OrchestrationStatus.Failed or
        OrchestrationStatus.Canceled or OrchestrationStatus.Terminated;
}
