using System.Globalization;
using System.Text.RegularExpressions;

namespace PracticPro.FunctionsHost.Payload;

/// <summary>
/// Texts that the real host takes for dates: ISO date and time, seconds included, 19 to 40 characters. A date alone is
/// none. The host's time zone is UTC, as it is on Linux plans.
/// </summary>
internal static partial class DateText
{
    private const string Seconds = "yyyy-MM-ddTHH:mm:ss";

    /// <summary>The text as it comes out after a trip through a date; others come out as they went in.</summary>
    public static string Rewritten(string text)
    {
        if (Read(text) is not { } date)
        {
            return text;
        }

        return Trimmed(date.Time) + date.Zone switch
        {
            Zone.Utc => "Z",
            Zone.Offset => "+00:00",
            _ => "",
        };
    }

    /// <summary>The text as the invariant culture prints it (no fraction, UTC), or null when it is no date.</summary>
    public static string? InCulture(string text) =>
        Read(text) is { } date ? date.Time.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture) : null;

    /// <summary>A time as the host writes one in a payload: fraction only where there is one.</summary>
    public static string Utc(DateTimeOffset time) => Trimmed(time.UtcDateTime) + "Z";

    /// <summary>The same with an offset instead of the letter.</summary>
    public static string WithOffset(DateTimeOffset time) => Trimmed(time.UtcDateTime) + "+00:00";

    private static string Trimmed(DateTime time)
    {
        var seconds = time.ToString(Seconds, CultureInfo.InvariantCulture);
        var fraction = time.ToString("fffffff", CultureInfo.InvariantCulture).TrimEnd('0');
        return fraction.Length == 0 ? seconds : $"{seconds}.{fraction}";
    }

    private static (DateTime Time, Zone Zone)? Read(string text)
    {
        if (text.Length is < 19 or > 40 || !Shape().IsMatch(text))
        {
            return null;
        }

        var zone = text[^1] is 'Z' or 'z' ? Zone.Utc : text.IndexOfAny(['+', '-'], 19) > 0 ? Zone.Offset : Zone.None;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? (time.UtcDateTime, zone)
            : null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d(:?\d\d)?)?$")]
    private static partial Regex Shape();

    private enum Zone
    {
        None,
        Utc,
        Offset,
    }
}
