using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>The first words of a message, as lists show them: one line, at most 200 characters, HTML-escaped.</summary>
internal static partial class Snippet
{
    private const int Longest = 200;

    // Enough source text for 200 visible characters; whole newsletters need not be cleaned.
    private const int Looked = 20_000;

    public static string Of(MimePart root)
    {
        MimePart[] texts = [.. root.Walk().Where(part => part.IsText && !part.IsAttachment)];
        MimePart? chosen = Array.Find(texts, part => part.MimeType == "text/plain")
            ?? Array.Find(texts, part => part.MimeType == "text/html");
        if (chosen is null)
        {
            return "";
        }

        string text = chosen.DecodedText();
        text = text.Length > Looked ? text[..Looked] : text;
        if (chosen.MimeType == "text/html")
        {
            text = WebUtility.HtmlDecode(Tags().Replace(Unseen().Replace(text, " "), " "));
        }

        string line = Blanks().Replace(text, " ").Trim();
        return Escape(line.Length > Longest ? line[..CutAt(line)] : line);
    }

    /// <summary>Only what means something in HTML; letters beyond ASCII stay readable.</summary>
    private static string Escape(string line) => new StringBuilder(line)
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;")
        .ToString();

    /// <summary>Never between the halves of a surrogate pair.</summary>
    private static int CutAt(string line) => char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest;

    [GeneratedRegex("<(script|style|head)[^>]*>.*?(</\\1>|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Blanks();
}
