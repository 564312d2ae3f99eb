using System.Text;

namespace PracticPro.Approvals;

/// <summary>
/// Message-IDs that came from outside, made safe to write into a header (RFC 5322 section 3.6.4): printable ASCII in
/// angle brackets, nothing else. What is not one is left out; the reply then starts a conversation of its own.
/// </summary>
internal static class MessageIds
{
    private const int MostReferences = 20;
    private const int LongestId = 250;

    public static string Clean(string id) => IsOne(id.Trim()) ? id.Trim() : "";

    /// <summary>The References of a reply: those of the message answered to, then its own id; the newest twenty.</summary>
    public static string Chain(string references, string inReplyTo)
    {
        var ids = references
            .Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Append(inReplyTo.Trim())
            .Where(IsOne)
            .Distinct(StringComparer.Ordinal);
        return string.Join(' ', ids.TakeLast(MostReferences));
    }

    private static bool IsOne(string id) =>
        id.Length is > 2 and <= LongestId
        && id[0] == '<' && id[^1] == '>'
        && Ascii.IsValid(id)
        && id[1..^1].All(symbol => symbol is > ' ' and not ('<' or '>' or '\u007f'));
}
