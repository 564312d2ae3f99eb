using System.Buffers;

namespace PracticPro.Audit.Verify;

/// <summary>
/// Which words may stand in a leaf. Narrow on purpose: no blank, no <c>@</c>, no letter outside ASCII. A sentence, a
/// mail address or a name with a blank in it cannot be written into a leaf by mistake; it belongs among the values.
/// </summary>
internal static class LeafWords
{
    public const int MaximumNameLength = 64;
    public const int MaximumTokenLength = 200;

    private static readonly SearchValues<char> NameSymbols =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    // Besides our own ids: provider ids in hexadecimal or URL-safe base64, with padding.
    private static readonly SearchValues<char> TokenSymbols =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:=");

    /// <summary>Lower-case words with single inner hyphens, 1–64 characters: <c>mail-sent</c>.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaximumNameLength
        && text[0] != '-'
        && text[^1] != '-'
        && !text.AsSpan().ContainsAnyExcept(NameSymbols)
        && !text.Contains("--", StringComparison.Ordinal);

    /// <summary>An id or an actor's label, 1–200 characters: <c>person-01k…</c>, <c>job:mail-sync</c>.</summary>
    public static bool IsToken(string text) =>
        text.Length is > 0 and <= MaximumTokenLength && !text.AsSpan().ContainsAnyExcept(TokenSymbols);

    /// <summary>Two to six capitals, a hyphen, one or two digits: <c>AUD-1</c>.</summary>
    public static bool IsPromise(string text)
    {
        var hyphen = text.IndexOf('-', StringComparison.Ordinal);
        return hyphen is >= 2 and <= 6
            && text.Length - hyphen is 2 or 3
            && !text.AsSpan(0, hyphen).ContainsAnyExceptInRange('A', 'Z')
            && !text.AsSpan(hyphen + 1).ContainsAnyExceptInRange('0', '9');
    }
}
