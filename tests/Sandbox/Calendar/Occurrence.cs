using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>Makes an exception out of one occurrence of a series: the series' fields, its own time, no rule.</summary>
internal static class Occurrence
{
    public static StoredEvent? Of(EventCalendar calendar, StoredEvent series, string suffix)
    {
        if (series.Start is not EventInstant first || series.End is not EventInstant last
            || Parse(suffix, first.IsDay) is not DateTimeOffset original)
        {
            return null;
        }

        string zone = (string?)series.Written["start"]!["timeZone"] ?? calendar.Zone;
        JsonObject start = EventTimes.Write(calendar, original, first.IsDay, zone);
        var written = (JsonObject)series.Written.DeepClone();
        written.Remove("recurrence");
        written["start"] = start;
        written["end"] = EventTimes.Write(calendar, original + (last.At - first.At), first.IsDay, zone);
        return new StoredEvent($"{series.Id}_{suffix}", written, series.CreatedAt)
        {
            SeriesId = series.Id,
            OriginalStart = (JsonObject)start.DeepClone(),
            UniversalId = series.UniversalId,
        };
    }

    private static DateTimeOffset? Parse(string suffix, bool isDay)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string format = isDay ? "yyyyMMdd" : "yyyyMMdd'T'HHmmss'Z'";
        return DateTimeOffset.TryParseExact(suffix, format, CultureInfo.InvariantCulture, utc, out DateTimeOffset at)
            ? at
            : null;
    }
}
