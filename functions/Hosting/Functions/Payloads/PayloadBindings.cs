using System.Text;
using System.Text.Json;

namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>
/// The <c>Data</c> of a call: one value for each binding. <c>Metadata</c> is never read: the host merges the members of a
/// message or an input into it, so that whoever sends one can put there what he likes.
/// </summary>
internal static class PayloadBindings
{
    /// <summary>Puts the reader on the value of a binding.</summary>
    /// <returns>False when the binding has none.</returns>
    /// <exception cref="PayloadUnreadableException">Not a call's body.</exception>
    public static bool TryFind(ReadOnlySpan<byte> body, string binding, out Utf8JsonReader value)
    {
        value = new Utf8JsonReader(body);
        try
        {
            return TryEnter(ref value, "Data"u8) && TryEnter(ref value, Encoding.UTF8.GetBytes(binding), anyKind: true);
        }
        catch (JsonException)
        {
            throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
        }
    }

    /// <summary>What the host put into a binding, taken out of its wrappings.</summary>
    /// <exception cref="PayloadUnreadableException">Not a call's body.</exception>
    public static PayloadValue Read(ReadOnlySpan<byte> body, string binding)
    {
        if (!TryFind(body, binding, out var value))
        {
            return PayloadValue.None;
        }

        try
        {
            return Unwrap(ref value);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
        }
    }

    /// <summary>From the start of an object to the value of one of its members.</summary>
    private static bool TryEnter(ref Utf8JsonReader reader, ReadOnlySpan<byte> member, bool anyKind = false)
    {
        if (reader.TokenType is JsonTokenType.None)
        {
            reader.Read();
        }

        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
            {
                return anyKind || reader.TokenType is JsonTokenType.StartObject ? true : throw new JsonException();
            }

            reader.Skip();
        }

        return false;
    }

    // An object comes as itself; everything else as a text that holds its JSON. Where that JSON is a text again, it is
    // the value; where it is no JSON at all, what came is the value itself.
    private static PayloadValue Unwrap(ref Utf8JsonReader value)
    {
        if (value.TokenType is JsonTokenType.Null)
        {
            return PayloadValue.None;
        }

        if (value.TokenType is not JsonTokenType.String)
        {
            using var whole = JsonDocument.ParseValue(ref value);
            return PayloadValue.Json(whole.RootElement.GetRawText());
        }

        var text = value.GetString()!;
        try
        {
            using var inner = JsonDocument.Parse(text);
            return inner.RootElement.ValueKind switch
            {
                JsonValueKind.String => PayloadValue.Text(inner.RootElement.GetString()!),
                JsonValueKind.Null => PayloadValue.None,
                _ => PayloadValue.Json(text),
            };
        }
        catch (JsonException)
        {
            return PayloadValue.Text(text);
        }
    }
}
