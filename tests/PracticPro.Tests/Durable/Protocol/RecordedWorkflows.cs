using System.Globalization;
using System.Text.Json;
using PracticPro.Durable;

namespace PracticPro.Tests.Durable.Protocol;

/// <summary>The workflows of the recorded turns, written against our context.</summary>
internal static class RecordedWorkflows
{
    private static readonly ActivityName<string, string> Echo = new("Echo");
    private static readonly CancellationToken Never = CancellationToken.None;

    public static DurableRegistry Registry()
    {
        var registry = new DurableRegistry()
            .Code(new OrchestrationName<string?, string[]>("Sequence"), SequenceAsync)
            .Code(new OrchestrationName<string?, string[]>("Child"), SequenceAsync)
            .Code(new OrchestrationName<int, string[]>("FanOut"), FanOutAsync)
            .Code(new OrchestrationName<int, string>("Timer"), TimerAsync)
            .Code(new OrchestrationName<int, string[]>("Events"), EventsAsync)
            .Code(new OrchestrationName<string, string>("Parent"), ParentAsync)
            .Code(new OrchestrationName<string, int>("Failing"), (_, _) => throw new InvalidOperationException("deliberate"))
            .Code(new OrchestrationName<int, int>("CountTo3"), CountTo3)
            .Code(new OrchestrationName<int, string>("Carry"), CarryAsync)
            .Code(new OrchestrationName<List<ScriptStep>, List<JsonElement>>("Script"), ScriptAsync);
        foreach (var silent in new[] { "KillTurn", "Orch500", "CloseTurn", "OrchEmptyResponse", "OrchNull" })
        {
            registry.Code(new OrchestrationName<int, int>(silent), (_, input) => Task.FromResult(input));
        }

        return registry;
    }

    private static async Task<string[]> SequenceAsync(OrchestrationContext context, string? input) =>
        [await context.CallActivityAsync(Echo, "one"), await context.CallActivityAsync(Echo, "two")];

    private static Task<string[]> FanOutAsync(OrchestrationContext context, int width) => Task.WhenAll(
        Enumerable.Range(0, width)
            .Select(number => context.CallActivityAsync(new ActivityName<int, string>(Echo.Text), number)));

    private static async Task<string> TimerAsync(OrchestrationContext context, int seconds)
    {
        var due = context.CurrentUtcTime.UtcDateTime.AddSeconds(seconds);
        await context.CreateTimer(TimeSpan.FromSeconds(seconds), Never);
        context.SetCustomStatus("after timer");
        var now = context.CurrentUtcTime.UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"due {due:o} now {now:o} early {now < due}");
    }

    private static async Task<string[]> EventsAsync(OrchestrationContext context, int input)
    {
        context.SetCustomStatus("waiting");
        var alpha = context.WaitForExternalEvent(new EventName<JsonElement>("Alpha"), Never);
        var beta = context.WaitForExternalEvent(new EventName<JsonElement>("Beta"), Never);
        return [(await alpha).GetRawText(), (await beta).GetRawText()];
    }

    private static async Task<string> ParentAsync(OrchestrationContext context, string said)
    {
        try
        {
            await context.CallSubOrchestrationAsync(new OrchestrationName<string, int>("Failing"), "x");
        }
        catch (TaskFailedException failed)
        {
            said = $"{said} | {failed.Failure.Detail}";
        }

        var told = await context.CallSubOrchestrationAsync(new OrchestrationName<string, string[]>("Child"), said);
        return $"{said} | {string.Join(',', told)}";
    }

    private static Task<int> CountTo3(OrchestrationContext context, int number)
    {
        if (number < 3)
        {
            context.ContinueAsNew(number + 1);
        }

        return Task.FromResult(number);
    }

    private static async Task<string> CarryAsync(OrchestrationContext context, int generation)
    {
        var word = await context.WaitForExternalEvent(new EventName<string>("Go"), Never);
        if (generation < 3)
        {
            context.ContinueAsNew(generation + 1);
        }

        return word;
    }

    private static async Task<List<JsonElement>> ScriptAsync(OrchestrationContext context, List<ScriptStep> steps)
    {
        List<JsonElement> answers = [];
        foreach (var step in steps)
        {
            try
            {
                answers.Add(await context.CallActivityAsync(new ActivityName<string?, JsonElement>(step.Name), step.Input));
            }
            catch (TaskFailedException)
            {
                answers.Add(JsonSerializer.SerializeToElement(0));
            }
        }

        return answers;
    }

    /// <param name="Input">JSON text, or nothing.</param>
    internal sealed record ScriptStep(string Name, string? Input = null);
}
