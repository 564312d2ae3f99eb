using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// One mail address that is safe to write into a header: printable ASCII, one <c>@</c>, a dot-atom before it and a host
/// name after it, at most 254 characters (RFC 5321 section 4.5.3.1, RFC 5322 section 3.2.3). Quoted local parts and
/// address literals are legal on the internet and refused here: nobody writes to them by hand, and look-alikes hide in them.
/// </summary>
[JsonConverter(typeof(AsText))]
internal readonly record struct EmailAddress
{
    private const int MaximumLength = 254;
    private const int MaximumLocalLength = 64;
    private const string AtomSymbols = "!#$%&'*+-/=?^_`{|}~";
    private readonly string? text;

    private EmailAddress(string text) => this.text = text;

    /// <summary>As it was given.</summary>
    public string Text => text ?? throw new InvalidOperationException("No address.");

    /// <summary>
    /// Lower case: equal for every spelling people use for one mailbox. By the letter of RFC 5321 the part in front of the
    /// <c>@</c> may tell cases apart; no provider does, and who looks for somebody types it as it comes. Dots and
    /// <c>+</c> words stay: what they mean is a provider's own rule, and two people may differ by them.
    /// </summary>
    public string Normalised => Text.ToLowerInvariant();

    /// <summary>The host part, lower case.</summary>
    public string Domain => Normalised[(Text.LastIndexOf('@') + 1)..];

    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException("Not a mail address.");

    public static bool TryParse([NotNullWhen(true)] string? text, out EmailAddress address)
    {
        address = default;
        var at = text?.LastIndexOf('@') ?? -1;
        if (text is null || text.Length > MaximumLength || at is < 1 or > MaximumLocalLength)
        {
            return false;
        }

        if (!IsDotted(text.AsSpan(0, at), IsAtomSymbol) || !IsHost(text.AsSpan(at + 1)))
        {
            return false;
        }

        address = new EmailAddress(text);
        return true;
    }

    /// <summary>
    /// An address as people write it: blanks around it, and a host in letters of any script, which becomes its ASCII form
    /// (RFC 3490; <c>bücher.example</c> is <c>xn--bcher-kva.example</c>). Refused: a letter outside ASCII in front of the
    /// <c>@</c> (RFC 6531), and a host with loose accents, whose form in one piece this program cannot compute.
    /// </summary>
    public static bool TryRead([NotNullWhen(true)] string? text, out EmailAddress address)
    {
        var written = text?.Trim() ?? "";
        var at = written.LastIndexOf('@');
        if (at < 1 || Ascii.IsValid(written))
        {
            return TryParse(written, out address);
        }

        address = default;
        return written[(at + 1)..].EnumerateRunes().All(MayStandInHost)
            && TryAsciiHost(written[(at + 1)..], out var host)
            && TryParse($"{written.AsSpan(0, at)}@{host}", out address);
    }

    public bool Equals(EmailAddress other) =>
        string.Equals(text, other.text, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => text is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(text);

    public override string ToString() => "(address)";

    // Also the marks that scripts without separate vowels need, and the full stops of others. Half a surrogate pair counts as a
    // symbol. Latin accents that stand alone are refused; see TryRead.
    private static bool MayStandInHost(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || rune.Value is '-' or '.' or 0x3002 or 0xff0e or 0xff61
        || (rune.Value is < 0x0300 or > 0x036f
            && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool TryAsciiHost(string host, out string ascii)
    {
        try
        {
            ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(host.ToLowerInvariant());
            return true;
        }
        catch (ArgumentException)
        {
            ascii = "";
            return false;
        }
    }

    private static bool IsAtomSymbol(char symbol) =>
        char.IsAsciiLetterOrDigit(symbol) || AtomSymbols.Contains(symbol, StringComparison.Ordinal);

    private static bool IsHost(ReadOnlySpan<char> host) =>
        host.Contains('.') && IsDotted(host, static symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-');

    private static bool IsDotted(ReadOnlySpan<char> text, Func<char, bool> isSymbol)
    {
        var sinceDot = 0;
        foreach (var symbol in text)
        {
            if (symbol == '.' && sinceDot > 0)
            {
                sinceDot = 0;
            }
            else if (isSymbol(symbol))
            {
                sinceDot++;
            }
            else
            {
                return false;
            }
        }

        return sinceDot > 0;
    }

    private sealed class AsText : JsonConverter<EmailAddress>
    {
        public override EmailAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var address) ? address : throw new JsonException("Not a mail address.");

        public override void Write(Utf8JsonWriter writer, EmailAddress value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
