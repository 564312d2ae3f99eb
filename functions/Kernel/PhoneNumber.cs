using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// One telephone number in its one spelling: <c>+</c>, country code and number, 7–15 digits in all (ITU-T E.164). Reads what
/// people write: blanks, brackets, dots, hyphens and slashes, the prefix for calls abroad, a leading zero of the country, a
/// <c>tel:</c> in front (RFC 3966), and an extension behind, which is dropped.
/// <para>
/// Not handled: whether the number exists or is assigned; letters for digits; digits of other scripts; local numbers without
/// an area code; an extension that is only hyphenated on, as in Germany; a second number in the same text; plans of countries
/// that are not in <see cref="PhoneCountry"/>, whose numbers are read with their country code only and checked for length alone.
/// </para>
/// </summary>
[JsonConverter(typeof(AsText))]
internal readonly record struct PhoneNumber
{
    private const int LeastDigits = 7;
    private const int MostDigits = 15;

    private static readonly SearchValues<char> ExtensionMarks = SearchValues.Create(";#xXeE");

    private readonly string? text;

    private PhoneNumber(string text) => this.text = text;

    /// <summary>As it is stored, compared and looked up: <c>+12015550123</c>.</summary>
    public string Text => text ?? throw new InvalidOperationException("No number.");

    public static PhoneNumber Parse(string text, PhoneCountry home) =>
        TryParse(text, home, out var number) ? number : throw new FormatException("Not a telephone number.");

    /// <param name="home">Whose number it is when it says no country itself.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, PhoneCountry home, out PhoneNumber number)
    {
        number = default;
        var written = (text ?? "").Trim();
        written = written.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? written[4..] : written;
        if (!TryDigits(WithoutExtension(written), out var digits, out var saysCountry))
        {
            return false;
        }

        if (!saysCountry && home.DialsAbroad(digits))
        {
            (digits, saysCountry) = (digits[home.Abroad.Length..], true);
        }

        var whole = saysCountry ? Settled(digits) : home.Whole(digits);
        if (whole is not { Length: >= LeastDigits and <= MostDigits } || whole[0] == '0')
        {
            return false;
        }

        number = new PhoneNumber($"+{whole}");
        return true;
    }

    public override string ToString() => "(number)";

    /// <summary>A number that says its country, in the country's own rules where they are known.</summary>
    private static string? Settled(string digits) =>
        PhoneCountry.OfNumber(digits) is { } country ? country.Whole(digits[country.Code.Length..]) : digits;

    /// <summary>The text before <c>x12</c>, <c>ext. 12</c>, <c>extension 12</c>, <c>#12</c> or <c>;ext=12</c>.</summary>
    private static ReadOnlySpan<char> WithoutExtension(string text)
    {
        var end = text.AsSpan().IndexOfAny(ExtensionMarks);
        if (end < 0)
        {
            return text;
        }

        // Only digits may follow the word: what else stands there is not an extension, and then this is no number.
        var rest = text.AsSpan(end).ToString().ToLowerInvariant();
        foreach (var word in (string[])[";ext=", "extension", "ext.", "ext", "x", "#"])
        {
            if (rest.StartsWith(word, StringComparison.Ordinal) && IsExtension(rest.AsSpan(word.Length).Trim(" .:")))
            {
                return text.AsSpan(0, end).TrimEnd(" ,");
            }
        }

        return text;
    }

    private static bool IsExtension(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 8 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>The digits, if there is nothing else but what people put between them.</summary>
    private static bool TryDigits(ReadOnlySpan<char> text, out string digits, out bool saysCountry)
    {
        digits = "";
        saysCountry = false;
        Span<char> kept = stackalloc char[MostDigits + 5];
        var count = 0;
        foreach (var symbol in text)
        {
            if (char.IsAsciiDigit(symbol) && count < kept.Length)
            {
                kept[count++] = symbol;
            }
            else if (symbol == '+' && count == 0 && !saysCountry)
            {
                saysCountry = true;
            }
            else if (!IsBetween(symbol))
            {
                return false;
            }
        }

        digits = kept[..count].ToString();
        return count > 0;
    }

    // Blanks of every width, hyphens and dashes, and the marks for direction that are copied along out of address books.
    private static bool IsBetween(char symbol) =>
        symbol is ' ' or '-' or '.' or '(' or ')' or '/' or '\t' or '\u00a0' or '\u202f' or '\ufeff' or '\u2212'
            or (>= '\u2000' and <= '\u2015') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private sealed class AsText : JsonConverter<PhoneNumber>
    {
        public override PhoneNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is ['+', ..] spelled && TryParse(spelled, PhoneCountry.UnitedStates, out var number)
                ? number
                : throw new JsonException("Not a telephone number.");

        public override void Write(Utf8JsonWriter writer, PhoneNumber value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}

/// <summary>How telephone numbers are written at home in one country. A short list, and a closed one.</summary>
internal sealed record PhoneCountry
{
    public static readonly PhoneCountry UnitedStates = new("1", "1", "011");
    public static readonly PhoneCountry UnitedKingdom = new("44", "0", "00");
    public static readonly PhoneCountry Ireland = new("353", "0", "00");
    public static readonly PhoneCountry Germany = new("49", "0", "00");
    public static readonly PhoneCountry Austria = new("43", "0", "00");
    public static readonly PhoneCountry Switzerland = new("41", "0", "00");
    public static readonly PhoneCountry France = new("33", "0", "00");
    public static readonly PhoneCountry Netherlands = new("31", "0", "00");
    public static readonly PhoneCountry Belgium = new("32", "0", "00");
    public static readonly PhoneCountry Sweden = new("46", "0", "00");
    public static readonly PhoneCountry Australia = new("61", "0", "0011");
    public static readonly PhoneCountry NewZealand = new("64", "0", "00");

    // Without a prefix: a zero in front belongs to the number there (Italy), or there is none.
    public static readonly PhoneCountry Italy = new("39", "", "00");
    public static readonly PhoneCountry Spain = new("34", "", "00");
    public static readonly PhoneCountry Portugal = new("351", "", "00");
    public static readonly PhoneCountry Denmark = new("45", "", "00");
    public static readonly PhoneCountry Norway = new("47", "", "00");
    public static readonly PhoneCountry Poland = new("48", "", "00");

    private static readonly FrozenDictionary<string, PhoneCountry> ByCode = new[]
    {
        UnitedStates, UnitedKingdom, Ireland, Germany, Austria, Switzerland, France, Netherlands, Belgium, Sweden, Australia,
        NewZealand, Italy, Spain, Portugal, Denmark, Norway, Poland,
    }.ToFrozenDictionary(country => country.Code, StringComparer.Ordinal);

    private PhoneCountry(string code, string trunk, string abroad) => (Code, Trunk, Abroad) = (code, trunk, abroad);

    /// <summary>The country code, <c>1</c> or <c>49</c>. North America shares one.</summary>
    public string Code { get; }

    /// <summary>What people put in front for a call inside the country and leave out from abroad; empty for nothing.</summary>
    public string Trunk { get; }

    /// <summary>What they put in front for a call to another country.</summary>
    public string Abroad { get; }

    /// <summary>The country whose code a number begins with, if it is one of these. No code is the beginning of another.</summary>
    public static PhoneCountry? OfNumber(string digits)
    {
        for (var length = 1; length <= Math.Min(3, digits.Length); length++)
        {
            if (ByCode.TryGetValue(digits[..length], out var country))
            {
                return country;
            }
        }

        return null;
    }

    public bool DialsAbroad(string digits) => digits.StartsWith(Abroad, StringComparison.Ordinal);

    /// <summary>With the country code in front, or null when it cannot be a number of this country.</summary>
    /// <param name="digits">Without the country code; with or without what is dialled inside the country.</param>
    public string? Whole(string digits)
    {
        var national = Trunk.Length > 0 && digits.StartsWith(Trunk, StringComparison.Ordinal) ? digits[Trunk.Length..] : digits;
        if (this == UnitedStates)
        {
            // Three digits of area and seven of number; neither part begins with 0 or 1 (NANPA).
            return national is [>= '2', _, _, >= '2', _, _, _, _, _, _] ? $"1{national}" : null;
        }

        return Trunk == "0" && national.StartsWith('0') ? null : Code + national;
    }
}
