using System.Text;
using System.Text.Unicode;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Bytes to text for mail, which often lies about its charset. Never fails: an unknown or impossible charset falls
/// back to UTF-8 where the bytes are UTF-8, and to windows-1252 (a superset of latin-1 for text) where they are not.
/// </summary>
internal static class Charsets
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        Encoding? named = Find(charset);
        return named is null ? Guess(bytes) : named.GetString(bytes);
    }

    /// <summary>
    /// A header value is ASCII by the book; raw 8-bit text in it is UTF-8 (RFC 6532) or a Windows habit.
    /// </summary>
    public static string HeaderText(ReadOnlySpan<byte> bytes) => Guess(bytes);

    private static string Guess(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Windows1252.GetString(bytes);

    /// <summary>Null means: no usable name, look at the bytes.</summary>
    private static Encoding? Find(string? charset)
    {
        string name = (charset ?? "").Trim(' ', '\t', '"', '\'').ToLowerInvariant();
        switch (name)
        {
            // ASCII that is not ASCII is common, so the bytes decide. UTF-7 is refused by .NET as unsafe.
            case "" or "us-ascii" or "ascii" or "7bit" or "8bit" or "utf-7" or "unknown-8bit" or "x-unknown":
                return null;
            // What says latin-1 is nearly always windows-1252 (WHATWG Encoding, section 4.2).
            case "iso-8859-1" or "latin1" or "iso8859-1" or "iso_8859-1":
                return Windows1252;
            case "utf-8" or "utf8":
                return Encoding.UTF8;
            default:
                return Lookup(name);
        }
    }

    private static Encoding? Lookup(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
