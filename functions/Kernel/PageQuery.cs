using System.Globalization;

namespace PracticPro.Kernel;

/// <summary>Which page of a list a caller asks for, as it was sent. Absent members mean the first page, of usual length.</summary>
internal sealed record PageQuery
{
    public const int Most = 100;
    public const int Usual = 50;

    public string? Limit { get; init; }

    public string? Cursor { get; init; }

    public Outcome<Paging> Read()
    {
        if (!TryReadLimit(out var limit))
        {
            return new PageFailures.BadLimit();
        }

        if (string.IsNullOrEmpty(Cursor))
        {
            return new Paging(limit, null);
        }

        return Kernel.Cursor.TryParse(Cursor, out var after) ? new Paging(limit, after) : new PageFailures.BadCursor();
    }

    private bool TryReadLimit(out int limit)
    {
        limit = Usual;
        return string.IsNullOrEmpty(Limit)
            || (int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= Most);
    }
}

/// <param name="Limit">Items a page, 1–100.</param>
/// <param name="After">Where the last page ended; null for the first.</param>
internal readonly record struct Paging(int Limit, Cursor? After);

/// <summary>Every expected way in which asking for a page can fail.</summary>
internal static class PageFailures
{
    public sealed record BadLimit()
        : Failure.Invalid("bad-limit", "A page holds 1 to 100 items. Ask for a number between.", "limit");

    public sealed record BadCursor()
        : Failure.Invalid("bad-cursor", "This is not a place in this list. Start from the first page.", "cursor");
}
