using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Kernel;

/// <summary>Refuses both ways: a secret has no JSON form, and none can be read from a text by accident.</summary>
internal sealed class NeverJson<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeof(T).Name} has no JSON form.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeof(T).Name} has no JSON form.");
}
