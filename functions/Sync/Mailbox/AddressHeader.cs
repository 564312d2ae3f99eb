using System.Collections.Immutable;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Sync.Mailbox;

/// <summary>A person as a mail header names them.</summary>
/// <param name="Name">Display name, decoded; empty when there is none.</param>
internal sealed record Correspondent(EmailAddress Address, string Name);

/// <summary>
/// Reads address lists (RFC 5322 section 3.4) as people really send them: quoted names, comments, groups, missing
/// brackets. What is no safe address is left out; a broken entry never hides the good ones beside it.
/// </summary>
internal static class AddressHeader
{
    private const int MaximumEntries = 200;

    public static ImmutableArray<Correspondent> Read(string? raw)
    {
        if (string.IsNullOrWhiteSpace(raw))
        {
            return [];
        }

        return [.. Split(raw).Take(MaximumEntries).Select(One).OfType<Correspondent>()];
    }

    private static Correspondent? One(string entry)
    {
        var open = entry.LastIndexOf('<');
        var close = entry.LastIndexOf('>');
        var (address, name) = open >= 0 && close > open
            ? (entry[(open + 1)..close], entry[..open])
            : (WithoutComments(entry, out var comment), comment);
        return EmailAddress.TryParse(address.Trim(), out var parsed)
            ? new Correspondent(parsed, HeaderText.Decode(Unquoted(name)))
            : null;
    }

    private static string Unquoted(string name)
    {
        var trimmed = name.Trim();
        return trimmed.Length >= 2 && trimmed[0] == '"' && trimmed[^1] == '"'
            ? trimmed[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)
            : trimmed;
    }

    private static string WithoutComments(string entry, out string comment)
    {
        var open = entry.IndexOf('(', StringComparison.Ordinal);
        var close = entry.LastIndexOf(')');
        if (open < 0 || close < open)
        {
            comment = "";
            return entry;
        }

        comment = entry[(open + 1)..close];
        return string.Concat(entry.AsSpan(0, open), entry.AsSpan(close + 1));
    }

    /// <summary>Splits at commas and semicolons that are not quoted, commented or bracketed; drops group names.</summary>
    private static IEnumerable<string> Split(string raw)
    {
        var entry = new StringBuilder();
        var (quoted, comments, bracketed) = (false, 0, false);
        for (var at = 0; at < raw.Length; at++)
        {
            var symbol = raw[at];
            (quoted, comments, bracketed) = symbol switch
            {
                '"' when comments == 0 && (at == 0 || raw[at - 1] != '\\') => (!quoted, comments, bracketed),
                '(' when !quoted => (quoted, comments + 1, bracketed),
                ')' when !quoted && comments > 0 => (quoted, comments - 1, bracketed),
                '<' when !quoted => (quoted, comments, true),
                '>' when !quoted => (quoted, comments, false),
                _ => (quoted, comments, bracketed),
            };
            var plain = !quoted && comments == 0 && !bracketed;
            if (plain && symbol is ',' or ';')
            {
                yield return entry.ToString();
                entry.Clear();
            }
            else if (plain && symbol == ':')
            {
                // "Team: a@x, b@y;" — the group's name is not an address.
                entry.Clear();
            }
            else
            {
                entry.Append(symbol);
            }
        }

        yield return entry.ToString();
    }
}
