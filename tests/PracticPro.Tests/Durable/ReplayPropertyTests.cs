using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Tests.Durable;

/// <summary>
/// Random programs, run against a random host that answers in any order, twice, and in batches of any size.
/// <see cref="History{TInput,TOutput}"/> holds each turn against a fresh replay and against the kept run.
/// </summary>
public sealed class ReplayPropertyTests
{
    private static readonly ActivityName<int, int> Step = new("step");
    private static readonly EventName<int> Go = new("go");

    [Fact]
    public void Every_turn_of_a_random_program_replays_to_the_same_actions() =>
        Prop.ForAll(Programs(), Seeds(), (program, seed) => Run(program, seed).End is not null)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Order_and_repetition_of_answers_do_not_change_the_result() =>
        Prop.ForAll(
            Programs(),
            Seeds(),
            (program, seed) => Run(program, seed).Output() == Run(program, seed + 1).Output())
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_past_cut_anywhere_gives_the_same_end_as_one_batch() =>
        Prop.ForAll(Programs(), Seeds(), (program, seed) =>
        {
            // The whole past in one replay, up to the last turn, ends as the turns one by one did.
            var history = Run(program, seed);
            var last = history.Past.FindLastIndex(happened => happened is HistoryEvent.OrchestratorStarted);
            var turn = new TurnRequest(
                InstanceId.Parse("instance"),
                history.Past[..last],
                history.Past[last..].TakeWhile(happened => happened is not HistoryEvent.ExecutionCompleted).ToList());
            var registry = new DurableRegistry().Code(History<int, int>.Name, Code(program));
            var again = OrchestrationExecutor.Execute(turn, registry, NullLoggerFactory.Instance);
            return Json(again) == Json(history.Last);
        }).QuickCheckThrowOnFailure();

    private static string Json(TurnResult result) =>
        System.Text.Json.JsonSerializer.Serialize(result.Actions, JsonShapes.Stored);

    /// <summary>
    /// Opcodes: 0–2 a fan-out of that width and one, 3 a timer, 4 an event, 5 an event or a timeout, 6 GUIDs.
    /// </summary>
    private static Arbitrary<int[]> Programs() => Gen.Choose(0, 6).ArrayOf(6).ToArbitrary();

    private static Arbitrary<int> Seeds() => Gen.Choose(0, 1_000_000).ToArbitrary();

    private static Func<OrchestrationContext, int, Task<int>> Code(int[] program) => async (context, sum) =>
    {
        foreach (var opcode in program)
        {
            sum += opcode switch
            {
                <= 2 => (await Task.WhenAll(
                    Enumerable.Range(0, opcode + 1).Select(number => context.CallActivityAsync(Step, number)))).Sum(),
                3 => await TimerAsync(context),
                4 => await context.WaitForExternalEvent(Go, CancellationToken.None),
                5 => await EventOrTimeoutAsync(context),
                _ => context.NewGuid().Version,
            };
            context.SetCustomStatus(sum);
        }

        return sum;
    };

    private static async Task<int> TimerAsync(OrchestrationContext context)
    {
        await context.CreateTimer(TimeSpan.FromDays(4), CancellationToken.None);
        return 1;
    }

    /// <summary>Which of the two comes first is the host's choice, so it may not count.</summary>
    private static async Task<int> EventOrTimeoutAsync(OrchestrationContext context)
    {
        await context.WaitForExternalEvent(Go, TimeSpan.FromHours(1), CancellationToken.None);
        return 0;
    }

    private static History<int, int> Run(int[] program, int seed)
    {
        var random = new Random(seed);
        var history = History<int, int>.Of(Code(program)).Start(0);
        List<HistoryEvent> answers = [];
        List<HistoryEvent> given = [];
        for (var turn = 0; history.End is null && turn < 200; turn++)
        {
            history.After(TimeSpan.FromMinutes(random.Next(0, 100)));
            answers.AddRange(history.Last.Actions.Select(action => Answer(history, action)));
            answers.Add(history.Raised("go", 10));
            var batch = Enumerable.Range(0, random.Next(1, 4)).Where(_ => answers.Count > 0).Select(_ =>
            {
                var at = random.Next(answers.Count);
                var answer = answers[at];
                answers.RemoveAt(at);
                given.Add(answer);
                return answer;
            }).ToList();

            // An answer that was given before comes again; an event is another event and does not.
            var repeated = given.Where(answer => answer is not HistoryEvent.EventRaised && random.Next(5) == 0);
            history.Turn([.. batch, .. repeated.ToList()]);
        }

        return history;
    }

    private static HistoryEvent Answer(History<int, int> history, OrchestratorAction action) => action switch
    {
        OrchestratorAction.ScheduleTask task =>
            history.Done(task.Id, int.Parse(ActivityEnvelope.Open(task.Input).Input!, null)),
        OrchestratorAction.CreateTimer timer => history.Fired(timer.Id),
        _ => throw new InvalidOperationException("The program asks for nothing else."),
    };
}
