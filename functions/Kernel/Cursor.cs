using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// Where a list goes on. Opaque to callers; the driver that made it is the only one that reads it.
/// Text form: base64url, at most 1,024 characters. Anything else does not parse.
/// </summary>
[JsonConverter(typeof(AsText))]
internal readonly record struct Cursor
{
    private const int MaximumLength = 1024;
    private readonly string? position;

    private Cursor(string position) => this.position = position;

    /// <summary>The driver's own position text.</summary>
    public string Position => position ?? throw new InvalidOperationException("No cursor.");

    public static Cursor At(string position) => new(position);

    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        if (text is not { Length: > 0 and <= MaximumLength } || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
            cursor = new Cursor(strict.GetString(Base64Url.DecodeFromChars(text)));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Position));

    private sealed class AsText : JsonConverter<Cursor>
    {
        public override Cursor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var cursor) ? cursor : throw new JsonException("Not a cursor.");

        public override void Write(Utf8JsonWriter writer, Cursor value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>One page of a list, in the list's order. <see cref="Next"/> is null on the last page, and only there.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, Cursor? Next)
{
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], Next);
}
