using System.Globalization;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Up to when the books are mirrored, by their own clock. Changes can be seen late and are told to the second, so they are asked
/// for from a little earlier; but not from before the last complete reading began, which saw everything as it was: a burst that
/// made the reading needed would otherwise fill the next answer again.
/// </summary>
/// <param name="At">What the books said the time was.</param>
/// <param name="ReadFrom">When the last complete reading began.</param>
internal sealed record BookPoint(DateTimeOffset At, DateTimeOffset ReadFrom)
{
    /// <summary>How late a change may be seen. What comes twice changes nothing.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>A change in the very second asked for may be left out.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    public DateTimeOffset Since => At - Overlap > ReadFrom - Rounding ? At - Overlap : ReadFrom - Rounding;

    public static BookPoint Pinned(DateTimeOffset now) => new(now, now);

    /// <summary>Null when it is none.</summary>
    public static BookPoint? Parse(string text) =>
        text.Split('|') is [var at, var readFrom] && BookReader.Time(at) is { } point && BookReader.Time(readFrom) is { } begun
            ? new BookPoint(point, begun)
            : null;

    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The point once an answer of that time is mirrored. It never goes back.</summary>
    public BookPoint After(DateTimeOffset now) => this with { At = now > At ? now : At };

    public override string ToString() => $"{Text(At)}|{Text(ReadFrom)}";
}
