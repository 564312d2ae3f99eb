using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>
/// When the occurrences of a series begin: daily, weekly and absoluteMonthly patterns, ranges with an end date, a number
/// of occurrences or no end. Wall-clock times stay through changes of summer time.
/// </summary>
internal static class Recurrences
{
    private const int MostOccurrences = 2_000;

    /// <summary>Original starts from one instant to another, the second excluded.</summary>
    public static IEnumerable<DateTimeOffset> Starts(OutlookEvent master, DateTimeOffset from, DateTimeOffset to)
    {
        JsonNode pattern = master.Recurrence!["pattern"]!;
        JsonNode? range = master.Recurrence["range"];
        int most = (string?)range?["type"] == "numbered" ? (int)range["numberOfOccurrences"]! : MostOccurrences;
        DateOnly last = (string?)range?["type"] == "endDate"
            ? DateOnly.Parse((string)range["endDate"]!, CultureInfo.InvariantCulture)
            : DateOnly.MaxValue;
        DateTime first = TimeZoneInfo.ConvertTime(master.Start, master.Zone).DateTime;
        foreach (DateTime wall in Days(pattern, first).Take(most))
        {
            DateTimeOffset start = At(wall, master.Zone);
            if (DateOnly.FromDateTime(wall) > last || start >= to)
            {
                yield break;
            }

            if (start >= from)
            {
                yield return start;
            }
        }
    }

    /// <summary>A wall-clock time in a zone; one that the clock leaps over moves on by the leap.</summary>
    public static DateTimeOffset At(DateTime wall, TimeZoneInfo zone)
    {
        DateTime unspecified = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        unspecified = zone.IsInvalidTime(unspecified) ? unspecified.AddHours(1) : unspecified;
        return new DateTimeOffset(unspecified, zone.GetUtcOffset(unspecified)).ToUniversalTime();
    }

    private static IEnumerable<DateTime> Days(JsonNode pattern, DateTime first)
    {
        int interval = Math.Max(1, (int?)pattern["interval"] ?? 1);
        switch ((string?)pattern["type"])
        {
            case "daily":
                for (int step = 0; ; step += interval)
                {
                    yield return first.AddDays(step);
                }

            case "weekly":
                string[] named = [.. (pattern["daysOfWeek"] as JsonArray ?? []).Select(day => (string)day!)];
                DateTime week = first.AddDays(-(int)first.DayOfWeek);
                for (int step = 0; ; step += interval)
                {
                    foreach (DateTime day in Enumerable.Range(0, 7).Select(at => week.AddDays((step * 7) + at))
                        .Where(day => day >= first && (named.Length == 0
                            ? day.DayOfWeek == first.DayOfWeek
                            : named.Contains(day.DayOfWeek.ToString(), StringComparer.OrdinalIgnoreCase))))
                    {
                        yield return day;
                    }
                }

            default:
                for (int step = 0; ; step += interval)
                {
                    yield return first.AddMonths(step);
                }
        }
    }
}
