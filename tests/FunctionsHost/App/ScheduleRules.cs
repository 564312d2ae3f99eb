using NCrontab;

namespace PracticPro.FunctionsHost.App;

/// <summary>The schedule of a timer trigger: six fields, seconds first, or the name of a setting in percent signs.</summary>
internal static class ScheduleRules
{
    public static IEnumerable<string> Refusals(Function function, IReadOnlyDictionary<string, string> appSettings)
    {
        if (function.Trigger.Type == "timerTrigger" && Schedule(function.Trigger, appSettings) is null)
        {
            yield return $"{function.Name}: the schedule is no expression of six fields.";
        }
    }

    /// <summary>The schedule, or null when it cannot be used.</summary>
    public static CrontabSchedule? Schedule(Binding trigger, IReadOnlyDictionary<string, string> appSettings)
    {
        var text = trigger.Text("schedule");
        if (text is { Length: > 2 } && text.StartsWith('%') && text.EndsWith('%'))
        {
            text = appSettings.GetValueOrDefault(text[1..^1]);
        }

        return text is null ? null
            : CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
    }
}
