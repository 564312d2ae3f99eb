using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Durable.Execution;

/// <summary>
/// The stored input of an activity: <c>{"call":KEY,"attempt":N,"caller":INSTANCE,"input":JSON}</c>. Key and caller travel
/// in the input, since that is the one field that every engine hands to an activity unharmed. The names are chosen beside
/// <c>sys</c>, <c>instanceId</c> and <c>data</c>, which a Functions host would mix up with its own metadata.
/// </summary>
/// <param name="Caller">The instance that called. Missing in what an earlier version stored.</param>
internal sealed record ActivityEnvelope(
    string Call,
    int Attempt,
    InstanceId? Caller,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Input)
{
    public static string Seal(InstanceId caller, IdempotencyKey key, int attempt, string? input) =>
        JsonSerializer.Serialize(new ActivityEnvelope(key.Text, attempt, caller, input), JsonShapes.Stored);

    public static ActivityEnvelope Open(string? stored) =>
        JsonSerializer.Deserialize<ActivityEnvelope>(stored ?? "null", JsonShapes.Stored)
        ?? throw new JsonException("An activity came without its envelope.");
}

/// <summary>JSON text inside JSON, as it is.</summary>
internal sealed class RawJsonConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Null ? null : document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value ?? "null", skipInputValidation: true);
}
