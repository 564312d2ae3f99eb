using System.Collections.Immutable;
using System.Globalization;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// The days a reading of the calendar covers. Graph fixes them in its token, so that they move by reading anew: a quarter
/// back, a year and a half ahead, and anew when the end has come within fifteen months. What lies before the window stays
/// as it is known.
/// </summary>
internal sealed record CalendarWindow(DateOnly First, DateOnly End)
{
    private const int DaysBack = 90;
    private const int DaysAhead = 546;
    private const int LeastAhead = 456;

    public static CalendarWindow Around(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new CalendarWindow(today.AddDays(-DaysBack), today.AddDays(DaysAhead));
    }

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{First:yyyy-MM-dd}/{End:yyyy-MM-dd}");

    public bool HasAged(DateTimeOffset now) => End < DateOnly.FromDateTime(now.UtcDateTime).AddDays(LeastAhead);

    public ImmutableArray<KeyValuePair<string, string>> Query() =>
    [
        new("startDateTime", string.Create(CultureInfo.InvariantCulture, $"{First:yyyy-MM-dd}T00:00:00Z")),
        new("endDateTime", string.Create(CultureInfo.InvariantCulture, $"{End:yyyy-MM-dd}T00:00:00Z")),
    ];

    /// <summary>A place in a reading of a window: its days, and the query of the provider's link.</summary>
    public string Place(string query) => $"{Text}?{query}";

    /// <summary>Null for what is no such place.</summary>
    public static (CalendarWindow Window, string Query)? Parse(string place) =>
        place.Length > 22 && place[10] == '/' && place[21] == '?'
        && DateOnly.TryParseExact(place[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
        && DateOnly.TryParseExact(place[11..21], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
            ? (new CalendarWindow(first, end), place[22..])
            : null;
}
