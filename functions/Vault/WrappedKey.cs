using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Vault;

/// <summary>
/// A version of a tenant's key-encryption key, as its store names it: 1–64 lower-case letters and digits.
/// </summary>
[JsonConverter(typeof(KeyVersionJson))]
internal readonly record struct KeyVersion
{
    private readonly string? text;

    private KeyVersion(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No key version.");

    public static KeyVersion Parse(string text) =>
        text is { Length: >= 1 and <= 64 }
        && text.All(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol))
            ? new KeyVersion(text)
            : throw new FormatException("Not a key version.");

    public override string ToString() => Text;

    private sealed class KeyVersionJson : JsonConverter<KeyVersion>
    {
        public override KeyVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, KeyVersion value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}

/// <summary>A key as it is stored: useless without the tenant's key-encryption key of that version.</summary>
internal sealed record WrappedKey(KeyVersion Version, ReadOnlyMemory<byte> Bytes);

/// <summary>What a wrapped key is for, beside tenant and version: it unwraps for nothing else.</summary>
/// <param name="Use">Wire word of a purpose, or <c>index</c>.</param>
internal sealed record WrapContext(string Use, uint Generation);
