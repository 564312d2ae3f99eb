using System.Collections.Immutable;
using System.Globalization;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Where a complete reading goes on. QuickBooks pages by position, and positions shift when rows before them come or go: a row
/// could slip past unseen. So each page begins a little before where the last one ended, and must show one of its last rows
/// again; otherwise it is not known what lies between, and the reading steps back.
/// </summary>
/// <param name="Start">The position asked for; 1 is the first.</param>
/// <param name="Seen">Ids of the last rows read, one of which must turn up.</param>
internal sealed record BookPage(int Start, ImmutableArray<string> Seen)
{
    public const int Size = 200;

    /// <summary>Rows read again: so many may go between two pages without a step back.</summary>
    public const int Overlap = 20;

    public static readonly BookPage First = new(1, []);

    /// <summary>Null when it is not one.</summary>
    public static BookPage? Parse(string? text)
    {
        if (text is null)
        {
            return First;
        }

        var parts = text.Split('|');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start) && start > 0
            ? new BookPage(start, [.. parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries)])
            : null;
    }

    /// <summary>The page after these rows came for this one; null when it was the last.</summary>
    /// <param name="rows">Their ids, in order.</param>
    public BookPage? After(IReadOnlyList<string> rows)
    {
        if (Start > 1 && !rows.Any(Seen.Contains))
        {
            return this with { Start = Math.Max(1, Start - Size) };
        }

        return rows.Count < Size
            ? null
            : new BookPage(Start + rows.Count - Overlap, [.. rows.Skip(rows.Count - Overlap)]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}|{string.Join(',', Seen)}");
}
