using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>
/// What every id type offers. An id is a value type of its own, so that one kind cannot be given for another.
/// The default value is no id: reading its <see cref="Text"/> throws.
/// </summary>
internal interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    /// <summary>The id as it is stored and sent.</summary>
    string Text { get; }

    static abstract bool TryParse(string? text, out TSelf id);
}

/// <summary>Writes an id as its text; refuses to read a text that is not one.</summary>
internal sealed class IdJsonConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException($"Not a {typeof(TId).Name}.");

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);

    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException($"Not a {typeof(TId).Name}.");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Text);
}
