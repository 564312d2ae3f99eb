using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Tests.Durable;

/// <summary>
/// The stored form of version 1, against a file that is never made anew: it is the proof that old histories read.
/// A new kind is added to the end of the file by hand.
/// </summary>
public sealed class HistoryJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly InstanceId Instance = InstanceId.Parse("acme:import-7");
    private static readonly FailureDetails Failure =
        new("a.b.Type", "mailbox-gone", true, "a detail", FailureDetails.Unknown);

    private static readonly HistoryEvent[] Events =
    [
        new HistoryEvent.OrchestratorStarted(At),
        new HistoryEvent.ExecutionStarted(
            At, "import", "{\"file\":7}", Instance, "run-1", new ParentInstance(Instance, "run-0", "parent", 3), "2"),
        new HistoryEvent.TaskScheduled(0, At, "work", "1"),
        new HistoryEvent.TaskCompleted(At, 0, "2"),
        new HistoryEvent.TaskFailed(At, 0, Failure),
        new HistoryEvent.SubOrchestrationCreated(1, At, Instance, "child", null),
        new HistoryEvent.SubOrchestrationCompleted(At, 1, null),
        new HistoryEvent.SubOrchestrationFailed(At, 1, null),
        new HistoryEvent.TimerCreated(2, At, At.AddHours(1)),
        new HistoryEvent.TimerFired(At, At.AddHours(1), 2),
        new HistoryEvent.EventSent(3, At, Instance, "go", "5"),
        new HistoryEvent.EventRaised(At, "go", "5"),
        new HistoryEvent.ExecutionSuspended(At, "audit"),
        new HistoryEvent.ExecutionResumed(At, null),
        new HistoryEvent.ExecutionTerminated(At, "\"unwanted\"", true),
        new HistoryEvent.ContinuedAsNew(At, "6"),
        new HistoryEvent.Generic(-1, At, "note"),
        new HistoryEvent.ExecutionCompleted(4, At, OrchestrationStatus.Failed, "mailbox-gone", Failure),
        new HistoryEvent.OrchestratorCompleted(At),
    ];

    private static readonly OrchestratorAction[] Actions =
    [
        new OrchestratorAction.ScheduleTask(0, "work", "1"),
        new OrchestratorAction.CreateSubOrchestration(1, Instance, "child", null, "2"),
        new OrchestratorAction.CreateTimer(2, At.AddHours(1)),
        new OrchestratorAction.SendEvent(3, Instance, "go", "5"),
        new OrchestratorAction.CompleteOrchestration(
            4,
            OrchestrationStatus.ContinuedAsNew,
            "6",
            null,
            [new HistoryEvent.EventRaised(At, "go", "5")]),
    ];

    [Fact]
    public void Events_are_written_as_the_golden_file_says() =>
        Assert.Equal(Golden("events.v1.json"), Lines(HistoryJson.Format(Events)));

    [Fact]
    public void The_golden_file_of_events_reads_back() =>
        Assert.Equal(Events, HistoryJson.Parse(File.ReadAllBytes(GoldenPath("events.v1.json"))));

    [Fact]
    public void Actions_are_written_as_the_golden_file_says() =>
        Assert.Equal(
            Golden("actions.v1.json"),
            Lines(JsonSerializer.SerializeToUtf8Bytes<IReadOnlyList<OrchestratorAction>>(Actions, JsonShapes.Stored)));

    [Theory]
    [InlineData(typeof(HistoryEvent))]
    [InlineData(typeof(OrchestratorAction))]
    public void Every_kind_of_the_closed_set_stands_in_the_golden_file(Type set)
    {
        var kinds = set.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType).ToHashSet();
        var golden = Events.Cast<object>().Concat(Actions).Where(set.IsInstanceOfType).Select(one => one.GetType());
        var nested = set.GetNestedTypes().Where(set.IsAssignableFrom);
        Assert.NotEmpty(kinds);
        Assert.Equal(kinds, golden.ToHashSet());
        Assert.Equal(kinds, nested.ToHashSet());
    }

    [Theory]
    [InlineData("""{"v":2,"events":[]}""")]
    [InlineData("""{"v":1,"events":[{"kind":"entity-called","eventId":-1}]}""")]
    [InlineData("null")]
    public void Another_version_and_an_unknown_kind_do_not_read(string piece) =>
        Assert.ThrowsAny<Exception>(() => HistoryJson.Parse(System.Text.Encoding.UTF8.GetBytes(piece)));

    private static string GoldenPath(string file) => Path.Combine(AppContext.BaseDirectory, "Durable", "Golden", file);

    private static string Golden(string file) => Lines(File.ReadAllBytes(GoldenPath(file)));

    /// <summary>One kind a line, so that a difference is found by eye.</summary>
    private static string Lines(byte[] json) => System.Text.Encoding.UTF8.GetString(json)
        .Replace("\n", "", StringComparison.Ordinal)
        .Replace("{\"kind\"", "\n{\"kind\"", StringComparison.Ordinal);
}
