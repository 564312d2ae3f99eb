using System.Globalization;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// The part of $filter that clients of mail use: comparisons joined by "and". Anything else is refused, not ignored.
/// </summary>
internal static partial class MessageFilter
{
    public static Func<OutlookMessage, bool>? Parse(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return _ => true;
        }

        Func<OutlookMessage, bool>?[] terms = [.. And().Split(filter).Select(Term)];
        return Array.TrueForAll(terms, term => term is not null)
            ? message => Array.TrueForAll(terms, term => term!(message))
            : null;
    }

    private static Func<OutlookMessage, bool>? Term(string text)
    {
        Match match = Comparison().Match(text);
        if (!match.Success)
        {
            return null;
        }

        string operation = match.Groups["op"].Value;
        string value = match.Groups["value"].Value;
        string unquoted = value.Trim('\'').Replace("''", "'", StringComparison.Ordinal);
        return match.Groups["name"].Value switch
        {
            "internetMessageId" when operation == "eq" =>
                message => message.Letter.MessageId is { } id && unquoted == $"<{id}>",
            "conversationId" when operation == "eq" => message => message.Conversation == unquoted,
            "isRead" when operation == "eq" && bool.TryParse(value, out bool flag) => message => message.IsRead == flag,
            "isDraft" when operation == "eq" && bool.TryParse(value, out bool flag) => message => message.IsDraft == flag,
            "receivedDateTime" when DateTimeOffset.TryParse(
                unquoted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) =>
                message => Compares(message.ReceivedAt.CompareTo(time), operation),
            _ => null,
        };
    }

    private static bool Compares(int order, string operation) => operation switch
    {
        "ge" => order >= 0,
        "gt" => order > 0,
        "le" => order <= 0,
        "lt" => order < 0,
        _ => order == 0,
    };

    [GeneratedRegex(@"\s+and\s+")]
    private static partial Regex And();

    [GeneratedRegex(@"^\s*(?<name>\w+)\s+(?<op>eq|ge|gt|le|lt)\s+(?<value>'(?:[^']|'')*'|\S+)\s*$")]
    private static partial Regex Comparison();
}
