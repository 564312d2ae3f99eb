using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Graph.Models;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Graph's recurrence as an RRULE (RFC 5545, 3.3.10). Occurrences come from the provider one by one; the rule is kept to say
/// what kind of series it is, and that the event itself takes up no time.
/// </summary>
internal static class RecurrenceLines
{
    public static ImmutableArray<string> Of(PatternedRecurrence recurrence)
    {
        var pattern = recurrence.Pattern;
        List<string> parts = [$"FREQ={Frequency(pattern?.Type)}"];
        if (pattern?.Interval is > 1 and { } interval)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"INTERVAL={interval}"));
        }

        var ordinal = pattern?.Type is RecurrencePatternType.RelativeMonthly or RecurrencePatternType.RelativeYearly
            ? Ordinal(pattern.Index)
            : "";
        if (pattern?.DaysOfWeek is { Count: > 0 } days && pattern.Type is not RecurrencePatternType.Daily)
        {
            parts.Add("BYDAY=" + string.Join(',', days.OfType<DayOfWeekObject>().Select(day => ordinal + day.ToString()[..2].ToUpperInvariant())));
        }

        if (pattern?.Type is RecurrencePatternType.AbsoluteMonthly or RecurrencePatternType.AbsoluteYearly && pattern.DayOfMonth is > 0 and { } date)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"BYMONTHDAY={date}"));
        }

        if (pattern?.Type is RecurrencePatternType.AbsoluteYearly or RecurrencePatternType.RelativeYearly && pattern.Month is > 0 and { } month)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"BYMONTH={month}"));
        }

        switch (recurrence.Range)
        {
            case { Type: RecurrenceRangeType.Numbered, NumberOfOccurrences: > 0 and { } count }:
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"COUNT={count}"));
                break;
            case { Type: RecurrenceRangeType.EndDate, EndDate: { } end }:
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"UNTIL={end.Year:D4}{end.Month:D2}{end.Day:D2}"));
                break;
        }

        return ["RRULE:" + string.Join(';', parts)];
    }

    private static string Frequency(RecurrencePatternType? type) => type switch
    {
        RecurrencePatternType.Daily => "DAILY",
        RecurrencePatternType.AbsoluteMonthly or RecurrencePatternType.RelativeMonthly => "MONTHLY",
        RecurrencePatternType.AbsoluteYearly or RecurrencePatternType.RelativeYearly => "YEARLY",
        _ => "WEEKLY",
    };

    private static string Ordinal(WeekIndex? index) => index switch
    {
        WeekIndex.Second => "2",
        WeekIndex.Third => "3",
        WeekIndex.Fourth => "4",
        WeekIndex.Last => "-1",
        _ => "1",
    };
}
