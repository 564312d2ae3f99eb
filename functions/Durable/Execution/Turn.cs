using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>
/// One turn to take: everything before, and what is new. The new events begin with OrchestratorStarted.
/// </summary>
internal sealed record TurnRequest(
    InstanceId InstanceId,
    IReadOnlyList<HistoryEvent> PastEvents,
    IReadOnlyList<HistoryEvent> NewEvents);

/// <summary>What a turn came to.</summary>
/// <param name="Actions">Ordered by id. Empty when the instance only waits.</param>
/// <param name="CustomStatus">The last value set in the whole execution, as JSON; full state, not a change.</param>
/// <param name="IsSuspended">True while the instance holds its events back.</param>
internal sealed record TurnResult(IReadOnlyList<OrchestratorAction> Actions, string? CustomStatus, bool IsSuspended);
