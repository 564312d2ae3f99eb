using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PracticPro.Tests.Canaries;

/// <summary>Every way a text or a key is written down: what a scan has to look for.</summary>
internal static class Spellings
{
    /// <summary>Of bytes that are not a text: raw, base64 wherever it begins, base64url, hex.</summary>
    public static IEnumerable<(string Spelling, byte[] Bytes)> OfBytes(byte[] bytes)
    {
        yield return ("bytes", bytes);
        foreach (var (spelling, text) in AsText(bytes))
        {
            yield return (spelling, Encoding.ASCII.GetBytes(text));
            yield return ($"{spelling} utf-16", Encoding.Unicode.GetBytes(text));
        }
    }

    /// <summary>Of a text: all of that of its UTF-8, and as UTF-16, percent-encoded, JSON-escaped and as HTML writes it.</summary>
    public static IEnumerable<(string Spelling, byte[] Bytes)> OfText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var spelling in OfBytes(bytes))
        {
            yield return spelling;
        }

        yield return ("utf-16", Encoding.Unicode.GetBytes(text));
        (string, string)[] escaped =
        [
            ("percent", string.Concat(bytes.Select(one => $"%{one:X2}"))),
            ("percent lower", string.Concat(bytes.Select(one => $"%{one:x2}"))),
            ("percent where needed", Uri.EscapeDataString(text)),
            ("form", WebUtilityForm(text)),
            ("json", JsonSerializer.Serialize(text)[1..^1]),
            ("json relaxed", JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()),
            ("json all", string.Concat(text.Select(one => $"\\u{(int)one:x4}"))),
            ("json all upper", string.Concat(text.Select(one => $"\\u{(int)one:X4}"))),
            ("html", HtmlEncoder.Default.Encode(text)),
        ];
        foreach (var (spelling, form) in escaped)
        {
            yield return (spelling, Encoding.UTF8.GetBytes(form));
            yield return ($"{spelling} utf-16", Encoding.Unicode.GetBytes(form));
        }
    }

    private static IEnumerable<(string Spelling, string Text)> AsText(byte[] bytes)
    {
        yield return ("hex", Convert.ToHexStringLower(bytes));
        yield return ("hex upper", Convert.ToHexString(bytes));
        for (var before = 0; before < 3; before++)
        {
            var core = Core(bytes, before);
            yield return ($"base64 +{before}", core);
            yield return ($"base64url +{before}", core.Replace('+', '-').Replace('/', '_'));
        }
    }

    /// <summary>
    /// What stays the same in the base64 of a longer text that has so many bytes before (modulo 3), whatever stands before
    /// and after.
    /// </summary>
    private static string Core(byte[] bytes, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
        var from = before == 0 ? 0 : before + 1;
        var whole = (before + bytes.Length) * 8 / 6;
        return text[from..whole];
    }

    private static string WebUtilityForm(string text) => System.Net.WebUtility.UrlEncode(text);
}
