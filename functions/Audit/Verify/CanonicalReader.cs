using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace PracticPro.Audit.Verify;

/// <summary>
/// Reads canonical JSON and nothing else. A byte sequence it accepts is the one <see cref="Canonical"/> would write for
/// what was read, so two readers can never take one text for two things. Every call answers false at the first byte
/// that is not as expected; there is no going on after that.
/// </summary>
internal ref struct CanonicalReader(ReadOnlySpan<byte> bytes)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> all = bytes;
    private int at;

    public readonly bool AtEnd => at == all.Length;

    /// <summary>Takes exactly these bytes, or nothing.</summary>
    public bool Take(scoped ReadOnlySpan<byte> expected)
    {
        if (!all[at..].StartsWith(expected))
        {
            return false;
        }

        at += expected.Length;
        return true;
    }

    public bool Text(out string text)
    {
        text = "";
        if (!Take("\""u8))
        {
            return false;
        }

        var rest = all[at..];
        var end = rest.IndexOfAny(Special);
        if (end < 0 || rest[end] != '"')
        {
            return end >= 0 && TextWithEscapes(out text);
        }

        at += end + 1;
        return Decode(rest[..end], out text);
    }

    /// <summary>A whole number from 0 to 2^53 − 1, without leading zeros.</summary>
    public bool Whole(out long whole)
    {
        whole = 0;
        var start = at;
        while (at < all.Length && all[at] is >= (byte)'0' and <= (byte)'9' && at - start < 16)
        {
            whole = (whole * 10) + (all[at++] - '0');
        }

        var digits = at - start;
        return digits > 0 && (digits == 1 || all[start] != '0') && whole <= Canonical.MaximumWhole;
    }

    private static bool Decode(ReadOnlySpan<byte> utf8, out string text)
    {
        var valid = Utf8.IsValid(utf8);
        text = valid ? Encoding.UTF8.GetString(utf8) : "";
        return valid;
    }

    private bool TextWithEscapes(out string text)
    {
        text = "";
        var built = new StringBuilder();
        while (at < all.Length)
        {
            var plain = all[at..].IndexOfAny(Special);
            if (plain < 0 || !Decode(all.Slice(at, plain), out var part))
            {
                return false;
            }

            built.Append(part);
            at += plain;
            if (Take("\""u8))
            {
                text = built.ToString();
                return true;
            }

            if (!Escaped(out var symbol))
            {
                return false;
            }

            built.Append(symbol);
        }

        return false;
    }

    // There is one spelling for each of the 34 characters that are escaped, so looking it up is reading it.
    private bool Escaped(out char symbol)
    {
        Span<byte> ascii = stackalloc byte[6];
        for (var code = 0; code <= '\\'; code = NextEscapedCode(code))
        {
            symbol = (char)code;
            var spelling = CanonicalText.Escape(symbol);
            if (Take(ascii[..Encoding.ASCII.GetBytes(spelling, ascii)]))
            {
                return true;
            }
        }

        symbol = default;
        return false;
    }

    private static int NextEscapedCode(int code) => code switch
    {
        < 0x1f => code + 1,
        0x1f => '"',
        '"' => '\\',
        _ => int.MaxValue,
    };
}
