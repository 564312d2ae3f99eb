using System.Globalization;
using System.Text;
using PracticPro.Approvals.Published;

namespace PracticPro.Approvals;

/// <summary>
/// Writes an <see cref="OutgoingMail"/> as RFC 5322 bytes: CRLF line ends, 7-bit, UTF-8 text as base64 where it is not
/// plain ASCII, encoded words (RFC 2047) in headers; with attachments, multipart/mixed (RFC 2046). Deterministic. A header
/// value with a line break in it is an attempt to inject another header and throws: the gates refuse it long before.
/// </summary>
internal static partial class MimeWriter
{
    private const int Base64LineLength = 76;

    // RFC 5322 section 2.1.1 allows 998; the header's name needs room too.
    private const int LongestPlainLine = 900;

    // RFC 5322 section 2.1.1: a line should not be longer.
    private const int WantedLine = 78;

    // RFC 2047 section 2: a line with an encoded word in it must not be longer.
    private const int EncodedLine = 76;
    private const int EncodedWordFrame = 12; // =?utf-8?B? and ?=
    private const string Fold = "\r\n ";

    /// <summary>A mail without attachments.</summary>
    public static byte[] Write(OutgoingMail mail) => Write(mail, []);

    /// <param name="contents">The bytes of each attachment, in order.</param>
    public static byte[] Write(OutgoingMail mail, IReadOnlyList<byte[]> contents)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(contents.Count, mail.Attachments.Length);
        var mime = new StringBuilder();
        Header(mime, "Date", mail.Date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Header(mime, "From", Party(mail.From, "From: ".Length));
        Header(mime, "To", Parties(mail.To));
        Header(mime, "Cc", Parties(mail.Cc));
        Header(mime, "Subject", Words(OneLine(mail.Subject), "Subject: ".Length));
        Header(mime, "Message-ID", Printable(mail.MessageId));
        Header(mime, "In-Reply-To", Printable(mail.InReplyTo));
        Header(mime, "References", Printable(mail.References).Replace(" ", Fold, StringComparison.Ordinal));
        Header(mime, "MIME-Version", "1.0");
        if (contents.Count == 0)
        {
            TextPart(mime, mail.Text);
        }
        else
        {
            Parts(mime, mail, contents);
        }

        return Encoding.ASCII.GetBytes(mime.ToString());
    }

    /// <summary>True when the text can stand in one header line: nothing in it could start another.</summary>
    public static bool IsOneLine(string text) => !text.AsSpan().ContainsAny('\r', '\n', '\0');

    private static void TextPart(StringBuilder mime, string written)
    {
        var text = written.ReplaceLineEndings("\r\n");
        var plain = Ascii.IsValid(text) && text.Split("\r\n").All(line => line.Length <= LongestPlainLine);
        Header(mime, "Content-Type", plain ? "text/plain; charset=us-ascii" : "text/plain; charset=utf-8");
        Header(mime, "Content-Transfer-Encoding", plain ? "7bit" : "base64");
        mime.Append("\r\n").Append(plain ? text : Base64(text)).Append("\r\n");
    }

    private static void Header(StringBuilder mime, string name, string value)
    {
        if (value.Length > 0)
        {
            mime.Append(name).Append(": ").Append(value).Append("\r\n");
        }
    }

    private static string OneLine(string text) =>
        IsOneLine(text) ? text : throw new ArgumentException("A header cannot hold a line break.", nameof(text));

    private static string Printable(string text) =>
        Ascii.IsValid(OneLine(text)) ? text : throw new ArgumentException("A message id is plain ASCII.", nameof(text));

    // "To: " and "Cc: " are four columns; every party after the first stands on a line of its own, one column in.
    private static string Parties(IEnumerable<MailParty> parties) =>
        string.Join($",{Fold}", parties.Select(static party => Party(party, column: 4)));

    private static string Party(MailParty party, int column)
    {
        var address = party.Address.Text;
        var name = OneLine(party.Name);
        if (name.Length == 0)
        {
            return address;
        }

        var fits = column + name.Length + address.Length + " <>,".Length <= WantedLine;
        return IsAtoms(name) && fits ? $"{name} <{address}>" : $"{EncodedWords(name, column)}{Fold}<{address}>";
    }

    // Words of atom symbols, a single space between them: a reader gives back exactly that.
    private static bool IsAtoms(string name) =>
        name.Split(' ').All(word => word.Length > 0 && word.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_'));

    /// <summary>Printable ASCII that fits its line, as it is; anything else as encoded words.</summary>
    private static string Words(string text, int column) =>
        text.All(symbol => symbol is >= ' ' and <= '~')
        && text == text.Trim()
        && column + text.Length <= WantedLine
        && !text.Contains("=?", StringComparison.Ordinal)
            ? text
            : EncodedWords(text, column);

    /// <summary>A line each, split between whole characters (RFC 2047 section 5).</summary>
    private static string EncodedWords(string text, int column)
    {
        var words = new List<string>();
        var chunk = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            if (chunk.Count + bytes.Length > BytesAt(words.Count == 0 ? column : Fold.Length - "\r\n".Length))
            {
                words.Add(Convert.ToBase64String([.. chunk]));
                chunk.Clear();
            }

            chunk.AddRange(bytes);
        }

        words.Add(Convert.ToBase64String([.. chunk]));
        return string.Join(Fold, words.Select(word => $"=?utf-8?B?{word}?="));
    }

    /// <summary>How many bytes an encoded word holds that begins in this column.</summary>
    private static int BytesAt(int column) => (EncodedLine - column - EncodedWordFrame) / 4 * 3;

    private static string Base64(string text)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        return string.Join("\r\n", encoded.Chunk(Base64LineLength).Select(line => new string(line)));
    }
}
