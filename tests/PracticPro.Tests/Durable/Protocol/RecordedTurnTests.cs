using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable.Protocol;
using PracticPro.Kernel;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Protocol;

/// <summary>
/// Turns that a real Functions host asked of a worker that is not ours, with that worker's answers: the same workflows,
/// written against our context, answer alike. Where the two differ, they do by choice:
/// an activity's input is in our envelope; a failure's text is its code and never the words of an exception; a workflow
/// that puts a failure's text into its output has another output. Ids, kinds, names, due times, children's ids, status,
/// custom status, other outputs and carried events agree.
/// </summary>
public sealed class RecordedTurnTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Durable", "Golden", "host");

    /// <summary>Outputs that hold what is only known of a failure there: the host's own words and traces.</summary>
    private static readonly string[] OutputsDiffer = ["Script", "Failing"];

    public static TheoryData<string> Recordings =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recorded_turn_taken_twice_gives_the_same_bytes_in_every_dialect(string recording)
    {
        foreach (var turn in Read(recording))
        {
            foreach (var dialect in new[] { WireDialect.Plain, WireDialect.Functions })
            {
                var answer = Take(turn, dialect).ToByteArray();
                Assert.NotEmpty(answer);
                Assert.Equal(answer, Take(turn, dialect).ToByteArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recorded_turn_is_answered_as_the_other_worker_did(string recording)
    {
        foreach (var turn in Read(recording).Where(turn => turn.Response is not null))
        {
            var theirs = Wire.OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(turn.Response!));
            var ours = Take(turn, WireDialect.Plain);
            Assert.Equal(theirs.InstanceId, ours.InstanceId);
            Assert.Equal(theirs.CustomStatus, ours.CustomStatus);
            Assert.Equal(theirs.Actions.Count, ours.Actions.Count);
            foreach (var (their, our) in theirs.Actions.Zip(ours.Actions))
            {
                Assert.Equal((their.Id, their.KindCase), (our.Id, our.KindCase));
                AssertAlike(turn.Function, their, our);
            }
        }
    }

    [Fact]
    public void Every_kind_of_recorded_turn_is_here()
    {
        var asked = Read("orchestration-parent").Concat(Read("orchestration-timer")).Concat(Read("orchestration-events"))
            .SelectMany(turn => Take(turn, WireDialect.Plain).Actions)
            .Select(action => action.KindCase)
            .Distinct();
        Assert.Equal(4, asked.Count());
    }

    private static void AssertAlike(string function, Wire.Action their, Wire.Action our)
    {
        switch (their.KindCase)
        {
            case Wire.Action.KindOneofCase.ScheduleTask:
                Assert.Equal(their.ScheduleTask.Name, our.ScheduleTask.Name);
                break;
            case Wire.Action.KindOneofCase.CreateTimer:
                Assert.Equal(their.CreateTimer.FireAt, our.CreateTimer.FireAt);
                break;
            case Wire.Action.KindOneofCase.CreateSubOrchestration:
                Assert.Equal(their.CreateSubOrchestration.Name, our.CreateSubOrchestration.Name);
                Assert.Equal(their.CreateSubOrchestration.InstanceId, our.CreateSubOrchestration.InstanceId);
                Assert.Equal(their.CreateSubOrchestration.Input, our.CreateSubOrchestration.Input);
                break;
            case Wire.Action.KindOneofCase.CompleteOrchestration:
                AssertAlike(function, their.CompleteOrchestration, our.CompleteOrchestration);
                break;
            default:
                Assert.Fail($"The recording holds an action of kind {their.KindCase}.");
                break;
        }
    }

    private static void AssertAlike(string function, Wire.CompleteOrchestration their, Wire.CompleteOrchestration our)
    {
        Assert.Equal(their.OrchestrationStatus, our.OrchestrationStatus);
        Assert.Equal(their.FailureDetails is null, our.FailureDetails is null);
        Assert.Equal(their.FailureDetails?.ErrorType, our.FailureDetails?.ErrorType);
        Assert.Equal(
            their.CarryoverEvents.Select(carried => (carried.EventRaised.Name, carried.EventRaised.Input)),
            our.CarryoverEvents.Select(carried => (carried.EventRaised.Name, carried.EventRaised.Input)));
        if (!OutputsDiffer.Contains(function))
        {
            Assert.Equal(their.Result, our.Result);
        }
    }

    private static Wire.OrchestratorResponse Take(Turn turn, WireDialect dialect) => TakeWireTurn.Run(
        Wire.OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(turn.Request)),
        RecordedWorkflows.Registry(),
        NullLoggerFactory.Instance,
        dialect);

    private static IReadOnlyList<Turn> Read(string recording) => JsonSerializer.Deserialize<Recording>(
        File.ReadAllText(Path.Combine(Folder, $"{recording}.json")), JsonShapes.Stored)!.Turns;

    private sealed record Recording(IReadOnlyList<Turn> Turns);

    /// <param name="Function">The name of the workflow.</param>
    /// <param name="Request">The message in base64.</param>
    /// <param name="Response">The same; null where the worker was made not to answer.</param>
    private sealed record Turn(string Function, string Request, string? Response);
}
