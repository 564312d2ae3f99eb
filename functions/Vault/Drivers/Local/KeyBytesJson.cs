using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// Base64 of the key file, read from the file's bytes straight into memory that the collector does not move, so that zeroing
/// it leaves no copy: no text is made of it on the way. Escapes are understood: a file that a person put back may have some.
/// </summary>
internal sealed class KeyBytesJson : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence)
        {
            throw new JsonException();
        }

        var room = GC.AllocateArray<byte>(reader.ValueSpan.Length, pinned: true);
        try
        {
            var text = room.AsSpan(0, reader.CopyString(room));
            if (Base64.DecodeFromUtf8InPlace(text, out var length) != OperationStatus.Done)
            {
                throw new JsonException();
            }

            var bytes = GC.AllocateArray<byte>(length, pinned: true);
            text[..length].CopyTo(bytes);
            return bytes;
        }
        catch (InvalidOperationException)
        {
            // An escape that is half of one.
            throw new JsonException();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value);
}
