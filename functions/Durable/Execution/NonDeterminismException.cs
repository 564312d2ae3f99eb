using System.Globalization;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Execution;

/// <summary>
/// History and code disagree: the code of an orchestration was changed under a running instance, or it is not a
/// function of its history. Says what the history expects and what the code did, by kind, name and id.
/// </summary>
internal sealed class NonDeterminismException(HistoryEvent expected, OrchestratorAction? found) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"expected {Describe(expected)}, found {Describe(found)}"))
{
    private static string Describe(HistoryEvent expected) => expected switch
    {
        HistoryEvent.TaskScheduled task => Describe("activity", task.Name, task.EventId),
        HistoryEvent.SubOrchestrationCreated child => Describe("sub-orchestration", child.Name, child.EventId),
        HistoryEvent.EventSent sent => Describe("event", sent.Name, sent.EventId),
        _ => Describe("timer", null, expected.EventId),
    };

    private static string Describe(OrchestratorAction? found) => found switch
    {
        null => "nothing",
        OrchestratorAction.ScheduleTask task => Describe("activity", task.Name, task.Id),
        OrchestratorAction.CreateSubOrchestration child => Describe("sub-orchestration", child.Name, child.Id),
        OrchestratorAction.SendEvent sent => Describe("event", sent.Name, sent.Id),
        OrchestratorAction.CompleteOrchestration => Describe("completion", null, found.Id),
        _ => Describe("timer", null, found.Id),
    };

    private static string Describe(string kind, string? name, int id) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{(name is null ? "" : $" '{name}'")} (id {id})");
}

/// <summary>An orchestration used its context from another thread, or awaited what the context did not make.</summary>
internal sealed class NonDurableAwaitException() : Exception(
    "An orchestration may only await tasks that its context made, on its own thread.");
