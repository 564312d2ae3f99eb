using System.Globalization;

namespace PracticPro.Sync.Mailbox;

/// <summary>
/// A month of the Gregorian calendar, in UTC, of those that mail is of. The date of a message can be any: what is earlier or later
/// counts to the first or the last of them, so that there are not many thousands between two messages.
/// </summary>
/// <param name="Number">Months since January of the year 0.</param>
internal readonly record struct Month(int Number)
{
    private const int OfYear = 12;
    private const int First = 1980 * OfYear;
    private const int Last = (2080 * OfYear) - 1;

    public static Month Of(DateTimeOffset at) =>
        new(Math.Clamp((at.UtcDateTime.Year * OfYear) + at.UtcDateTime.Month - 1, First, Last));

    /// <summary>All from the one to the other, both with them, the latest first.</summary>
    public static IEnumerable<Month> Back(DateTimeOffset latest, DateTimeOffset earliest)
    {
        for (var at = Of(latest); at.Number >= Of(earliest).Number; at = new(at.Number - 1))
        {
            yield return at;
        }
    }

    /// <summary><c>2026-11</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number / OfYear:D4}-{(Number % OfYear) + 1:D2}");
}
