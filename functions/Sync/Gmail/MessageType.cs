using System.Text.Json;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// Finds <c>payload.mimeType</c> in a message's JSON without building the message: it is asked of every envelope, and each is
/// read whole later.
/// </summary>
internal static class MessageType
{
    /// <summary>False when that is no message's JSON, as far as it is looked at; true with null when it names no type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out string? type)
    {
        type = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            return reader.Read()
                && reader.TokenType == JsonTokenType.StartObject
                && (!Find(ref reader, "payload"u8) || IsType(ref reader, ref type));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsType(ref Utf8JsonReader reader, ref string? type)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        if (!Find(ref reader, "mimeType"u8))
        {
            return true;
        }

        type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
    }

    /// <summary>Moves from an object's begin to the value of one of its members, or to its end.</summary>
    private static bool Find(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
