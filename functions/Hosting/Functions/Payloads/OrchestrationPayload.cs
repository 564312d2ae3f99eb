using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Google.Protobuf;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>
/// The protobuf of a turn, as the workflow extension sends it: base64, in a JSON text, in a JSON text. A history of tens
/// of megabytes is unwrapped in one borrowed array, in place.
/// </summary>
internal sealed class OrchestrationPayload : IDisposable
{
    private readonly byte[] bytes;
    private readonly int length;

    private OrchestrationPayload(byte[] bytes, int length) => (this.bytes, this.length) = (bytes, length);

    public int Length => length;

    /// <exception cref="PayloadUnreadableException">Not base64 in a text in a text.</exception>
    public static OrchestrationPayload Read(ReadOnlySpan<byte> body, string binding)
    {
        if (!PayloadBindings.TryFind(body, binding, out var outer))
        {
            throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
        }

        if (outer.TokenType is not JsonTokenType.String)
        {
            throw new PayloadUnreadableException(PayloadUnreadableException.OlderProtocol);
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, outer.ValueSpan.Length));
        try
        {
            var text = bytes.AsSpan(0, outer.CopyString(bytes));
            var inner = new Utf8JsonReader(text);
            if (!inner.Read() || inner.TokenType is not JsonTokenType.String)
            {
                throw new PayloadUnreadableException(PayloadUnreadableException.OlderProtocol);
            }

            // Written over itself, one place to the left: a text without escapes, as base64 is, only loses its quotes.
            var length = inner.ValueIsEscaped ? Unescape(ref inner, text) : Move(inner.ValueSpan, text);
            if (Base64.DecodeFromUtf8InPlace(text[..length], out var decoded) is not OperationStatus.Done || decoded == 0)
            {
                throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
            }

            return new OrchestrationPayload(bytes, decoded);
        }
        catch (Exception broken)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            if (broken is JsonException or InvalidOperationException)
            {
                throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
            }

            throw;
        }
    }

    /// <summary>The instance's id, without reading the rest.</summary>
    /// <exception cref="PayloadUnreadableException">Not a turn.</exception>
    public string InstanceId()
    {
        try
        {
            var input = new CodedInputStream(bytes, 0, length);
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) == Wire.OrchestratorRequest.InstanceIdFieldNumber)
                {
                    return input.ReadString();
                }

                input.SkipLastField();
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Said below.
        }

        throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
    }

    /// <exception cref="PayloadUnreadableException">Not a turn.</exception>
    public Wire.OrchestratorRequest Parse()
    {
        try
        {
            return Wire.OrchestratorRequest.Parser.ParseFrom(bytes, 0, length);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);

    private static int Move(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }

    private static int Unescape(ref Utf8JsonReader text, Span<byte> to)
    {
        var plain = text.GetString()!;
        return System.Text.Encoding.UTF8.GetBytes(plain, to);
    }
}
