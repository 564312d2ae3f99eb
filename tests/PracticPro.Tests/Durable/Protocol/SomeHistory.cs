using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable.Protocol;

/// <summary>Events and actions of every kind with members of every sort, the same for the same seed.</summary>
internal sealed class SomeHistory(int seed)
{
    private static readonly string[] Texts =
        ["", "1", "null", "\"text\"", "{\"a\":[1,2]}", "Zoë 子 \ud83d\ude42", "a: b", "line\nline", "\0"];

    private static readonly string[] Codes = ["busy", "mailbox-gone", "task-failed", "unhandled", "delivery-lost", "0"];
    private static readonly string[] Foreign = ["Oops: it broke.", "", "foreign", "foreign: x", "Ünicode\nlines"];
    private readonly Random random = new(seed);

    /// <summary>One event of each kind.</summary>
    public IEnumerable<HistoryEvent> Events() =>
    [
        Started(),
        new HistoryEvent.ExecutionCompleted(Id(), At(), Status(), Text(), Failure()),
        new HistoryEvent.ExecutionTerminated(At(), Text(), random.Next(2) == 0),
        new HistoryEvent.ExecutionSuspended(At(), Text()),
        new HistoryEvent.ExecutionResumed(At(), Text()),
        new HistoryEvent.TaskScheduled(Id(), At(), Name(), Text(), Text(), Notes()),
        new HistoryEvent.TaskCompleted(At(), Id(), Text()),
        new HistoryEvent.TaskFailed(At(), Id(), Failure()),
        new HistoryEvent.SubOrchestrationCreated(Id(), At(), Instance(), Name(), Text(), Text(), Notes()),
        new HistoryEvent.SubOrchestrationCompleted(At(), Id(), Text()),
        new HistoryEvent.SubOrchestrationFailed(At(), Id(), Failure()),
        new HistoryEvent.TimerCreated(Id(), At(), At()),
        new HistoryEvent.TimerFired(At(), At(), Id()),
        new HistoryEvent.OrchestratorStarted(At()),
        new HistoryEvent.OrchestratorCompleted(At()),
        new HistoryEvent.EventSent(Id(), At(), Instance(), Name(), Text()),
        Raised(),
        new HistoryEvent.ContinuedAsNew(At(), Text()),
        new HistoryEvent.Generic(Id(), At(), Text()),
    ];

    /// <summary>One action of each kind.</summary>
    public IEnumerable<OrchestratorAction> Actions() =>
    [
        new OrchestratorAction.ScheduleTask(Id(), Name(), Text(), Text(), Notes()),
        new OrchestratorAction.CreateSubOrchestration(Id(), Instance(), Name(), Text(), Text(), Notes()),
        new OrchestratorAction.CreateTimer(Id(), At()),
        new OrchestratorAction.SendEvent(Id(), Instance(), Name(), Text()),
        new OrchestratorAction.CompleteOrchestration(
            Id(),
            Status(),
            Text(),
            Failure(),
            random.Next(2) == 0 ? null : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Raised())],
            Text()),
    ];

    /// <summary>A history in no sensible order, but for its start.</summary>
    public List<HistoryEvent> Jumble() =>
    [
        new HistoryEvent.OrchestratorStarted(At()),
        Started() with { Name = History<int, int>.Name.Text, Input = "1" },
        .. Enumerable.Range(0, random.Next(1, 4)).SelectMany(_ => Events()).OrderBy(_ => random.Next()),
    ];

    private HistoryEvent.ExecutionStarted Started() => new(
        At(),
        Name(),
        Text(),
        Instance(),
        Text(),
        random.Next(2) == 0 ? null : new ParentInstance(Instance(), Text(), Text(), Id()),
        Text(),
        random.Next(2) == 0 ? null : At(),
        Notes());

    private HistoryEvent.EventRaised Raised() => new(At(), Name(), Text());

    private string? Text() => random.Next(4) == 0 ? null : Texts[random.Next(Texts.Length)];

    private string Name() => $"name-{random.Next(5)}";

    private InstanceId Instance() => InstanceId.Parse($"practice-{random.Next(3)}:i{random.Next(3)}");

    private int Id() => random.Next(6) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-1, 4);

    /// <summary>To the tick, and at both ends of what a clock can show.</summary>
    private DateTimeOffset At() => random.Next(20) switch
    {
        0 => DateTimeOffset.MinValue,
        1 => DateTimeOffset.MaxValue,
        _ => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 999)),
    };

    private OrchestrationStatus Status() => (OrchestrationStatus)random.Next(0, 8);

    private EventNotes? Notes()
    {
        var tags = random.Next(2) == 0
            ? null
            : Enumerable.Range(0, random.Next(1, 3)).ToDictionary(number => $"tag {number}", _ => Text() ?? "");
        var parent = random.Next(2) == 0 ? null : $"00-{seed:x32}-0123456789abcdef-01";
        return tags is null && parent is null ? null : new EventNotes(tags, parent, parent is null ? null : Text());
    }

    private FailureDetails? Failure() => random.Next(5) switch
    {
        0 => null,
        1 => new FailureDetails(
            "Their.Type",
            FailureCodes.Foreign,
            random.Next(2) == 0,
            Foreign[random.Next(Foreign.Length)],
            Failure(),
            "   at Their.Code()",
            random.Next(2) == 0 ? null : Properties()),
        _ => new FailureDetails(
            "Our.Type",
            Codes[random.Next(Codes.Length)],
            random.Next(2) == 0,
            random.Next(2) == 0 ? null : "expected activity 'step' (id 0),\nfound nothing",
            Failure()),
    };

    private static Dictionary<string, string> Properties() => new[]
    {
        Value.ForString("Zoë \ud83d\ude42"),
        Value.ForNumber(1.5),
        Value.ForNull(),
        Value.ForList(Value.ForBool(true), Value.ForNumber(-7)),
        Value.ForStruct(new Struct { Fields = { ["a b"] = Value.ForString("\"") } }),
    }.Select((value, at) => (value, at)).ToDictionary(pair => $"p{pair.at}", pair => JsonFormatter.Default.Format(pair.value));
}
