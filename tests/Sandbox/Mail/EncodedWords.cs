using System.Text;
using System.Text.RegularExpressions;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Reads encoded words in header text (RFC 2047), for searching, file names and snippets.
/// Gmail hands headers out undecoded, so nothing decoded here ever reaches a header value on the wire.
/// A word that does not decode is left as it stands.
/// </summary>
internal static partial class EncodedWords
{
    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        // Section 6.2: blanks between two encoded words are not part of the text.
        string joined = Gap().Replace(text, "?=");
        return Word().Replace(joined, match => DecodeWord(match) ?? match.Value);
    }

    private static string? DecodeWord(Match match)
    {
        byte[] payload = Encoding.ASCII.GetBytes(match.Groups["text"].Value);
        byte[] bytes = match.Groups["how"].Value is "B" or "b"
            ? TransferDecoding.Base64(payload)
            : Quoted(payload);
        // RFC 2231 section 5: a language may follow the charset behind a star.
        string charset = match.Groups["charset"].Value.Split('*')[0];
        return payload.Length > 0 && bytes.Length == 0 ? null : Charsets.Decode(bytes, charset);
    }

    /// <summary>The Q encoding is quoted-printable with '_' for a blank and no line ends.</summary>
    private static byte[] Quoted(byte[] payload)
    {
        for (int at = 0; at < payload.Length; at++)
        {
            payload[at] = payload[at] == (byte)'_' ? (byte)' ' : payload[at];
        }

        return TransferDecoding.QuotedPrintable(payload);
    }

    [GeneratedRegex(@"\?=[ \t]+(?==\?[^?\s]+\?[bBqQ]\?)")]
    private static partial Regex Gap();

    [GeneratedRegex(@"=\?(?<charset>[^?\s]+)\?(?<how>[bBqQ])\?(?<text>[^?]*)\?=")]
    private static partial Regex Word();
}
