using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;

namespace PracticPro.Audit.Verify;

/// <summary>
/// JSON with one spelling only: RFC 8785 (JCS), for objects, lists, texts and whole numbers. Members are sorted by
/// their UTF-16 code units, there is no blank, and a text escapes only what RFC 8785 section 3.2.2.2 names.
/// Fractions, exponents, booleans and null are not in the set: a leaf needs none, and none can then be spelled twice.
/// </summary>
internal abstract record Canonical
{
    /// <summary>Largest whole number every JSON reader keeps exactly (RFC 8785 section 3.2.2.3, 2^53 − 1).</summary>
    public const long MaximumWhole = 9_007_199_254_740_991;

    private Canonical()
    {
    }

    public static Canonical Of(string text) => new Text(text);

    public static Canonical Of(long whole) => new Whole(whole);

    /// <exception cref="ArgumentException">
    /// A name occurs twice, a number is too large, or a text holds half a surrogate pair.
    /// </exception>
    public byte[] ToUtf8()
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(output);
        return output.WrittenSpan.ToArray();
    }

    private protected abstract void Write(ArrayBufferWriter<byte> output);

    public sealed record Text(string Value) : Canonical
    {
        private protected override void Write(ArrayBufferWriter<byte> output) => CanonicalText.Write(Value, output);
    }

    public sealed record Whole(long Value) : Canonical
    {
        private protected override void Write(ArrayBufferWriter<byte> output)
        {
            if (Math.Abs(Value) > MaximumWhole)
            {
                throw new ArgumentException("The number is too large for canonical JSON.");
            }

            Utf8Formatter.TryFormat(Value, output.GetSpan(24), out var written);
            output.Advance(written);
        }
    }

    public sealed record List(ImmutableArray<Canonical> Items) : Canonical
    {
        private protected override void Write(ArrayBufferWriter<byte> output)
        {
            output.Write("["u8);
            for (var at = 0; at < Items.Length; at++)
            {
                output.Write(at == 0 ? [] : ","u8);
                Items[at].Write(output);
            }

            output.Write("]"u8);
        }
    }

    /// <summary>An object. The order in which members are given does not matter.</summary>
    public sealed record Members(IEnumerable<Named<Canonical>> Items) : Canonical
    {
        private protected override void Write(ArrayBufferWriter<byte> output)
        {
            var sorted = Items.ToArray();
            Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
            output.Write("{"u8);
            for (var at = 0; at < sorted.Length; at++)
            {
                if (at > 0 && sorted[at].Name == sorted[at - 1].Name)
                {
                    throw new ArgumentException("A member is named twice.");
                }

                output.Write(at == 0 ? [] : ","u8);
                CanonicalText.Write(sorted[at].Name, output);
                output.Write(":"u8);
                sorted[at].Value.Write(output);
            }

            output.Write("}"u8);
        }
    }
}

/// <summary>A name and what stands under it.</summary>
internal readonly record struct Named<T>(string Name, T Value);

/// <summary>Texts between quotation marks, as RFC 8785 section 3.2.2.2 spells them.</summary>
internal static class CanonicalText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static void Write(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var plainFrom = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] >= ' ' && text[at] is not ('"' or '\\'))
            {
                continue;
            }

            Strict.GetBytes(text.AsSpan(plainFrom, at - plainFrom), output);
            Strict.GetBytes(Escape(text[at]), output);
            plainFrom = at + 1;
        }

        Strict.GetBytes(text.AsSpan(plainFrom), output);
        output.Write("\""u8);
    }

    /// <summary>The only spelling of a character that must be escaped.</summary>
    public static string Escape(char symbol) => symbol switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)symbol:x4}",
    };
}
