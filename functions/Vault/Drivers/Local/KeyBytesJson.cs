using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// Base64 of the key file, read from the file's bytes straight into memory that the collector does not move, so that zeroing
/// it leaves no copy: no text is made of it on the way.
/// </summary>
internal sealed class KeyBytesJson : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // What we wrote is neither escaped nor in pieces.
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || reader.HasValueSequence)
        {
            throw new JsonException();
        }

        var room = GC.AllocateArray<byte>(Base64.GetMaxDecodedFromUtf8Length(reader.ValueSpan.Length), pinned: true);
        try
        {
            if (Base64.DecodeFromUtf8(reader.ValueSpan, room, out _, out var length) != OperationStatus.Done)
            {
                throw new JsonException();
            }

            var bytes = GC.AllocateArray<byte>(length, pinned: true);
            room.AsSpan(0, length).CopyTo(bytes);
            return bytes;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value);
}
