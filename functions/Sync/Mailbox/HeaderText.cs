using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PracticPro.Sync.Mailbox;

/// <summary>
/// Turns a header value as it came over the wire into text for people: encoded words (RFC 2047) decoded, folding undone,
/// control characters gone. Never throws: what cannot be decoded stays as it is written.
/// </summary>
internal static partial class HeaderText
{
    private const int MaximumLength = 2000;

    static HeaderText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static string Decode(string? raw)
    {
        if (string.IsNullOrEmpty(raw))
        {
            return "";
        }

        var cut = raw.Length > MaximumLength ? raw[..MaximumLength] : raw;
        // White space between two encoded words is not part of the text (RFC 2047 section 6.2).
        var joined = cut.Contains("=?", StringComparison.Ordinal) ? GapBetweenWords().Replace(cut, "$1") : cut;
        var decoded = joined.Contains("=?", StringComparison.Ordinal)
            ? EncodedWord().Replace(joined, DecodeWord)
            : joined;
        return WithoutControls(decoded).Trim();
    }

    private static string DecodeWord(Match word)
    {
        var bytes = word.Groups["kind"].ValueSpan is "b" or "B"
            ? Base64(word.Groups["text"].Value)
            : Quoted(word.Groups["text"].Value);
        return bytes is null ? word.Value : Charset(word.Groups["charset"].Value).GetString(bytes);
    }

    private static byte[]? Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // RFC 2047 section 4.2: "_" is a space, "=XX" a byte.
    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=' && at + 2 < text.Length
                && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
            {
                bytes.Add(text[at] == '_' ? (byte)' ' : unchecked((byte)text[at]));
            }
        }

        return [.. bytes];
    }

    private static Encoding Charset(string name)
    {
        // RFC 2231 section 5: a language may follow the charset.
        var plain = name.Split('*')[0];
        try
        {
            return Encoding.GetEncoding(plain);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            // UTF-7 is known and not supported; everything else is a name nobody knows.
            return Encoding.Latin1;
        }
    }

    private static string WithoutControls(string text)
    {
        var clean = new StringBuilder(text.Length);
        // By runes: half a surrogate pair becomes the replacement character, which every store can keep.
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsControl(rune))
            {
                clean.Append(rune.ToString());
            }
            else if (rune.Value is '\t' or '\n')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString();
    }

    [GeneratedRegex(@"=\?(?<charset>[^?\s]{1,60})\?(?<kind>[bBqQ])\?(?<text>[^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(\?=)\s+(?==\?)")]
    private static partial Regex GapBetweenWords();
}
