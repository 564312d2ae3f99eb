using System.Globalization;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// The part of Gmail's search language that programs use: rfc822msgid, in, is, label, from, to, subject, after,
/// before. Terms are joined by AND, a leading minus negates one, quotes keep blanks
/// together. An unknown operator is searched for as text, as Gmail does.
/// </summary>
internal sealed partial class SearchQuery
{
    private readonly List<Func<StoredMessage, bool>> _terms = [];

    /// <summary>The query itself names spam, trash or anywhere, so hidden messages take part.</summary>
    public bool ReachesHidden { get; private set; }

    public static SearchQuery Parse(string? query)
    {
        var parsed = new SearchQuery();
        foreach (Match match in Term().Matches(query ?? ""))
        {
            string value = match.Groups["value"].Value.Trim('"');
            Func<StoredMessage, bool> term = parsed.Read(match.Groups["key"].Value.ToLowerInvariant(), value);
            parsed._terms.Add(match.Groups["not"].Success ? message => !term(message) : term);
        }

        return parsed;
    }

    public bool Matches(StoredMessage message) => _terms.TrueForAll(term => term(message));

    private Func<StoredMessage, bool> Read(string key, string value)
    {
        switch (key)
        {
            case "rfc822msgid":
                string wanted = value.Trim('<', '>');
                return message => message.Envelope.MessageId?.Value == wanted;
            case "from":
                return message => Contains(message.Envelope.From, value);
            case "to":
                return message => Contains(message.Envelope.Recipients, value);
            case "subject":
                return message => Contains(message.Envelope.Subject, value);
            case "in" or "is" or "label":
                return Placed(value.ToLowerInvariant());
            case "after" when Instant(value) is long start:
                return message => message.InternalDate >= start;
            case "before" when Instant(value) is long end:
                return message => message.InternalDate < end;
            default:
                string text = key.Length == 0 ? value : $"{key}:{value}";
                return message => Contains(message.Envelope.Subject, text) || Contains(message.Envelope.From, text)
                    || Contains(message.Envelope.Recipients, text);
        }
    }

    private Func<StoredMessage, bool> Placed(string place)
    {
        ReachesHidden |= place is "spam" or "trash" or "anywhere";
        string label = place switch { "drafts" => Labels.Draft, _ => place.ToUpperInvariant() };
        return place switch
        {
            "anywhere" => _ => true,
            "read" => message => !message.Has(Labels.Unread),
            _ => message => message.LabelIds.Contains(label, StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>Epoch seconds, or a day as 2026/11/22 or 2026-11-22 (taken in UTC).</summary>
    private static long? Instant(string value)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return seconds * 1000;
        }

        string day = value.Replace('/', '-');
        return DateTimeOffset.TryParseExact(
            day, "yyyy-M-d", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start)
            ? start.ToUnixTimeMilliseconds()
            : null;
    }

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""(?<not>-)?(?:(?<key>[A-Za-z0-9]+):)?(?<value>"[^"]*"|\S+)""")]
    private static partial Regex Term();
}
