using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Tests.Architecture;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Protocol;

/// <summary>
/// Histories that the embedded hub wrote once, replayed by the code of today: what each turn asked for then, it asks for
/// now. They are never made anew, but when the workflows below are changed on purpose.
/// </summary>
public sealed class OwnHistoryTests
{
    private static readonly string Folder = Path.Combine("Durable", "Golden", "own");
    private static readonly OrchestrationName<int, int> Journey = new("journey");
    private static readonly OrchestrationName<int, int> Leg = new("leg");
    private static readonly OrchestrationName<int, int> Failure = new("failure");
    private static readonly ActivityName<int, int> Walk = new("walk");
    private static readonly EventName<string> Word = new("word");
    private static readonly InstanceId One = InstanceId.Parse("practice-here:one");

    public static TheoryData<string> Histories => ["journey", "leg", "failure", "held"];

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_stored_history_replays_to_the_actions_that_it_records(string name)
    {
        List<HistoryEvent> past = [];
        foreach (var turn in Read(name))
        {
            var news = turn.Where(happened => !IsRecord(happened)).ToList();
            var response = Take(past, news);
            Assert.Equal(response.ToByteArray(), Take(past, news).ToByteArray());
            Assert.Equal(
                turn.Where(happened => IsRecord(happened) && happened is not HistoryEvent.OrchestratorCompleted)
                    .Select(OfOldEnvelope),
                response.Actions.Select(action => OfOldEnvelope(WireActions.FromWire(action)!.ToEvent(turn[^1].Timestamp))));
            past.AddRange(turn);
        }

        Assert.NotEmpty(past);
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_stored_history_comes_through_the_wire_as_it_was(string name) => Assert.All(
        Read(name).SelectMany(turn => turn),
        happened => Assert.Equal(happened, WireEvents.FromWire(WireEvents.ToWire(happened))));

    /// <summary>Writes the golden files into the source tree. Run by hand.</summary>
    [Fact(Explicit = true)]
    public async Task Record()
    {
        await using var hub = TestHub.OnDisk(Fill);
        await hub.Client.StartAsync(Journey, One, 3, TestHub.Cancellation);
        await hub.Client.StartAsync(Failure, InstanceId.Parse("two"), 3, TestHub.Cancellation);
        await hub.Client.StartAsync(Leg, InstanceId.Parse("held"), 9, TestHub.Cancellation);
        await hub.IdleAsync();
        await hub.Client.SuspendAsync(InstanceId.Parse("held"), "audit", TestHub.Cancellation);
        await hub.Client.RaiseEventAsync(One, Word, "early", DeliveryId.Parse("d1"), TestHub.Cancellation);
        for (var day = 0; day < 6; day++)
        {
            await hub.AdvanceAsync(TimeSpan.FromDays(1));
        }

        await hub.Client.ResumeAsync(InstanceId.Parse("held"), "audit-over", TestHub.Cancellation);
        await hub.EndAsync(One);
        await hub.IdleAsync();
        var all = await hub.Client.ListAsync(new InstanceQuery(), null, TestHub.Cancellation);
        await hub.Hub.StopAsync(TestHub.Cancellation);
        var folder = Path.Combine(Source.Root, "tests", "PracticPro.Tests", Folder);
        Directory.CreateDirectory(folder);
        using var file = HubFile.Open(hub.Folder);
        var rows = new HistoryRows(file);
        for (var key = 1; key <= all.Items.Count; key++)
        {
            var status = all.Items[key - 1];
            var name = status.Instance.Text == "held" ? "held" : status.Name;
            await File.WriteAllBytesAsync(
                Path.Combine(folder, $"{name}.jsonl"),
                rows.Load(key).SelectMany(piece => piece.Append((byte)'\n')).ToArray(),
                TestHub.Cancellation);
        }
    }

    private static void Fill(DurableRegistry registry) => registry
        .Activity(Walk, (context, input) => context.Attempt < input - 1 ? throw new StepFailedException("tired") : input)
        .Code(Leg, async (context, input) =>
        {
            context.SetCustomStatus($"leg {context.NewGuid()}");
            return await context.CallActivityAsync(Walk, 1) + await context.CallActivityAsync(Walk, input > 2 ? 2 : 0);
        })
        .Code(Failure, async (context, input) =>
        {
            try
            {
                return await context.CallActivityAsync(Walk, input);
            }
            catch (TaskFailedException) when (input > 3)
            {
                return 0;
            }
        })
        .Code(Journey, async (context, input) =>
        {
            var walked = await context.CallActivityAsync(
                Walk, input, new RetryPolicy(TimeSpan.FromHours(1), 4, 2));
            var legs = await Task.WhenAll(
                context.CallSubOrchestrationAsync(Leg, 1), context.CallActivityAsync(Walk, 1));
            context.SendEvent(InstanceId.Parse("two"), Word, "hello");
            var waits = context.WaitForExternalEvent(Word, TimeSpan.FromHours(6), CancellationToken.None);
            var late = context.WaitForExternalEvent(Word, TimeSpan.FromHours(6), CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromDays(4), CancellationToken.None);
            context.SetCustomStatus($"{(await waits).Value} {(await late).Arrived}");
            return walked + legs.Sum();
        });

    private static Wire.OrchestratorResponse Take(List<HistoryEvent> past, List<HistoryEvent> news)
    {
        var started = past.Concat(news).OfType<HistoryEvent.ExecutionStarted>().First();
        var request = new Wire.OrchestratorRequest { InstanceId = started.InstanceId.Text };
        request.PastEvents.Add(past.Select(WireEvents.ToWire));
        request.NewEvents.Add(news.Select(WireEvents.ToWire));
        var registry = new DurableRegistry();
        Fill(registry);
        return TakeWireTurn.Run(request, registry, NullLoggerFactory.Instance, WireDialect.Plain);
    }

    /// <summary>True for what a turn wrote about itself, after what it was given.</summary>
    private static bool IsRecord(HistoryEvent happened) => happened
        is HistoryEvent.TaskScheduled or HistoryEvent.SubOrchestrationCreated or HistoryEvent.TimerCreated
        or HistoryEvent.EventSent or HistoryEvent.ExecutionCompleted or HistoryEvent.OrchestratorCompleted;

    /// <summary>An activity's input with what its envelope had at first; it may gain members, since no replay compares it.</summary>
    private static HistoryEvent OfOldEnvelope(HistoryEvent happened) => happened is HistoryEvent.TaskScheduled task
        && ActivityEnvelope.Open(task.Input) is var envelope
            ? task with { Input = $"{envelope.Call} {envelope.Attempt} {envelope.Input}" }
            : happened;

    private static List<IReadOnlyList<HistoryEvent>> Read(string name) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, Folder, $"{name}.jsonl"))
            .Select(line => HistoryJson.Parse(System.Text.Encoding.UTF8.GetBytes(line)))];
}
