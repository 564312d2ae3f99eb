using System.Globalization;
using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// A structured header value: the word in front and its parameters, as in Content-Type and Content-Disposition.
/// Reads the quoted form, the split and charset-marked form of RFC 2231, and bare rubbish between semicolons.
/// Parameter names are compared without regard to case; of two equal names the first one counts.
/// </summary>
internal sealed class ParameterValue
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private ParameterValue(string word) => Word = word;

    /// <summary>The part before the first semicolon, in lower case, without blanks.</summary>
    public string Word { get; }

    public string? this[string name] => _parameters.TryGetValue(name, out string? value) ? value : Extended(name);

    public static ParameterValue Parse(string? header)
    {
        string text = header ?? "";
        int at = text.IndexOf(';', StringComparison.Ordinal);
        var parsed = new ParameterValue((at < 0 ? text : text[..at]).Trim().ToLowerInvariant());
        while (at >= 0 && at < text.Length)
        {
            at = parsed.ReadParameter(text, at + 1);
        }

        return parsed;
    }

    /// <summary>Reads one parameter from <paramref name="at"/>; answers where its semicolon is, or the end.</summary>
    private int ReadParameter(string text, int at)
    {
        int equals = text.IndexOf('=', at);
        int semicolon = text.IndexOf(';', at);
        if (equals < 0 || (semicolon >= 0 && semicolon < equals))
        {
            return semicolon < 0 ? text.Length : semicolon;
        }

        string name = text[at..equals].Trim();
        int start = equals + 1;
        while (start < text.Length && text[start] is ' ' or '\t')
        {
            start++;
        }

        int end;
        string value = start < text.Length && text[start] == '"'
            ? Quoted(text, start, out end)
            : Bare(text, start, out end);
        _parameters.TryAdd(name, value);
        int next = text.IndexOf(';', Math.Min(end, text.Length));
        return next < 0 ? text.Length : next;
    }

    private static string Quoted(string text, int start, out int end)
    {
        var value = new StringBuilder();
        int at = start + 1;
        while (at < text.Length && text[at] != '"')
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at++]);
        }

        end = at + 1;
        return value.ToString();
    }

    private static string Bare(string text, int start, out int end)
    {
        end = text.IndexOf(';', start);
        end = end < 0 ? text.Length : end;
        return text[start..end].Trim();
    }

    /// <summary>RFC 2231: name*=cs'lang'%41 in one piece, or name*0, name*1 … in several.</summary>
    private string? Extended(string name)
    {
        if (_parameters.TryGetValue(name + "*", out string? whole))
        {
            return Unescape(whole);
        }

        var pieces = new StringBuilder();
        bool escaped = false;
        for (int piece = 0; ; piece++)
        {
            string numbered = string.Create(CultureInfo.InvariantCulture, $"{name}*{piece}");
            if (_parameters.TryGetValue(numbered + "*", out string? marked))
            {
                escaped = true;
                pieces.Append(marked);
            }
            else if (_parameters.TryGetValue(numbered, out string? plain))
            {
                pieces.Append(plain);
            }
            else
            {
                return piece == 0 ? null : escaped ? Unescape(pieces.ToString()) : pieces.ToString();
            }
        }
    }

    private static string Unescape(string extended)
    {
        string[] parts = extended.Split('\'', 3);
        string escaped = parts.Length == 3 ? parts[2] : extended;
        var bytes = new List<byte>();
        for (int at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] == '%' && at + 2 < escaped.Length
                && byte.TryParse(escaped.AsSpan(at + 1, 2), NumberStyles.HexNumber, null, out byte value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(escaped, at, 1));
            }
        }

        return Charsets.Decode(bytes.ToArray(), parts.Length == 3 ? parts[0] : null);
    }
}
