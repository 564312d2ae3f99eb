using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Sync.Books;

/// <summary>
/// An amount in a currency (ISO 4217, three capitals); without one where the books do not name any. Exact: decimal digits,
/// never a binary fraction. As text <c>362.07 USD</c> or <c>362.07</c>, with no more digits than it needs.
/// </summary>
[JsonConverter(typeof(AsText))]
internal readonly record struct Money(decimal Amount, string? Currency)
{
    private const NumberStyles Written = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public static bool TryParse(string? text, [NotNullWhen(true)] out Money? money)
    {
        money = null;
        var parts = text?.Split(' ') ?? [];
        if (parts.Length is 1 or 2
            && decimal.TryParse(parts[0], Written, CultureInfo.InvariantCulture, out var amount)
            && (parts.Length == 1 || IsCurrency(parts[1])))
        {
            money = new Money(amount, parts.Length == 2 ? parts[1] : null);
        }

        return money is not null;
    }

    public static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);

    public override string ToString() => Currency is null ? Digits : $"{Digits} {Currency}";

    private string Digits => Amount.ToString("0.#############################", CultureInfo.InvariantCulture);

    private sealed class AsText : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var money) ? money.Value : throw new JsonException("Not an amount of money.");

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
