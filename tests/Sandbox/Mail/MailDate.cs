using System.Globalization;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Reads the dates of mail headers: RFC 5322 section 3.3, the obsolete zones of section 4.3, two-digit years,
/// missing weekdays, missing seconds and trailing comments. Anything else is no date.
/// </summary>
internal static class MailDate
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    private static readonly char[] Blanks = [' ', '\t', ','];

    private static readonly Dictionary<string, int> ZoneHours = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = 0,
        ["GMT"] = 0,
        ["UTC"] = 0,
        ["Z"] = 0,
        ["EST"] = -5,
        ["EDT"] = -4,
        ["CST"] = -6,
        ["CDT"] = -5,
        ["MST"] = -7,
        ["MDT"] = -6,
        ["PST"] = -8,
        ["PDT"] = -7,
        ["BST"] = 1,
        ["CET"] = 1,
        ["CEST"] = 2,
        ["EET"] = 2,
        ["JST"] = 9,
    };

    /// <summary>As a mail header has it.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000";

    public static DateTimeOffset? Parse(string? header)
    {
        if (header is null)
        {
            return null;
        }

        string[] words = header.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        for (int day = 0; day + 2 < words.Length; day++)
        {
            // The weekday, right or wrong, is skipped: the date begins at the first number followed by a month.
            if (int.TryParse(words[day], NumberStyles.None, null, out int dayOfMonth)
                && Month(words[day + 1]) is int month)
            {
                return Year(words[day + 2]) is int year ? Combine(year, month, dayOfMonth, words[(day + 3)..]) : null;
            }
        }

        return null;
    }

    private static DateTimeOffset? Combine(int year, int month, int day, string[] rest)
    {
        if (year is < 1970 or > 9000 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        int[] clock = rest.Length == 0 ? [] : Clock(rest[0]);
        if (clock is not [>= 0 and < 24, >= 0 and < 60, >= 0 and <= 60])
        {
            return null;
        }

        var local = new DateTime(year, month, day, clock[0], clock[1], Math.Min(clock[2], 59),
            DateTimeKind.Unspecified);
        TimeSpan zone = rest.Length > 1 ? Zone(rest[1]) : TimeSpan.Zero;
        return new DateTimeOffset(local - zone, TimeSpan.Zero);
    }

    private static int[] Clock(string word)
    {
        string[] parts = word.Split(':');
        var numbers = new List<int>();
        foreach (string part in parts)
        {
            numbers.Add(int.TryParse(part, NumberStyles.None, null, out int number) ? number : -1);
        }

        return parts.Length == 2 ? [.. numbers, 0] : [.. numbers];
    }

    /// <summary>Unknown zones count as UTC (RFC 5322 section 4.3: "-0000").</summary>
    private static TimeSpan Zone(string word)
    {
        if (ZoneHours.TryGetValue(word, out int hours))
        {
            return TimeSpan.FromHours(hours);
        }

        if (word.Length == 5 && word[0] is '+' or '-'
            && int.TryParse(word.AsSpan(1), NumberStyles.None, null, out int digits))
        {
            TimeSpan offset = TimeSpan.FromMinutes((digits / 100 * 60) + (digits % 100));
            return offset > TimeSpan.FromHours(14) ? TimeSpan.Zero : word[0] == '-' ? -offset : offset;
        }

        return TimeSpan.Zero;
    }

    private static int? Month(string word)
    {
        int at = word.Length < 3 ? -1 : Months.IndexOf(word[..3], StringComparison.OrdinalIgnoreCase);
        return at >= 0 && at % 3 == 0 ? (at / 3) + 1 : null;
    }

    /// <summary>RFC 5322 section 4.3: two digits up to 49 are 20xx, other short years count from 1900.</summary>
    private static int? Year(string word)
    {
        if (!int.TryParse(word, NumberStyles.None, null, out int year))
        {
            return null;
        }

        return word.Length switch { <= 2 when year < 50 => year + 2000, <= 3 => year + 1900, _ => year };
    }
}
