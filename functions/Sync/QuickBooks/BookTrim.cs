using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Takes out of an answer what nothing here reads, before it goes anywhere: QuickBooks has no way to be asked for less, and
/// what a practice's invoice lines and notes say is health data. Answers are kept for some days; what was not kept cannot
/// be lost.
/// </summary>
internal static class BookTrim
{
    private static readonly FrozenSet<string> Kept = new[]
    {
        // Envelopes.
        "QueryResponse", "CDCResponse", "Customer", "Invoice", "Payment", "startPosition", "maxResults", "totalCount", "time",
        "status", "Fault", "Error", "code", "type",

        // Entities.
        "Id", "SyncToken", "MetaData", "LastUpdatedTime", "DisplayName", "PrimaryEmailAddr", "Address", "Active", "Balance",
        "CurrencyRef", "CustomerRef", "value", "DocNumber", "TxnDate", "DueDate", "TotalAmt", "UnappliedAmt", "Line", "Amount",
        "LinkedTxn", "TxnId", "TxnType",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="JsonException">It is not JSON.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> answer)
    {
        using var whole = JsonDocument.Parse(answer);
        var trimmed = new ArrayBufferWriter<byte>(Math.Max(256, answer.Length / 4));
        using (var writer = new Utf8JsonWriter(trimmed))
        {
            Write(whole.RootElement, writer);
        }

        return trimmed.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    WriteMember(member, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteMember(JsonProperty member, Utf8JsonWriter writer)
    {
        if (Kept.Contains(member.Name))
        {
            writer.WritePropertyName(member.Name);
            Write(member.Value, writer);
        }
        else if (member.NameEquals("PrivateNote")
            && member.Value.ValueKind == JsonValueKind.String
            && member.Value.GetString()!.StartsWith(BookReader.VoidedNote, StringComparison.OrdinalIgnoreCase))
        {
            // Of a note only that it says the transaction was cancelled.
            writer.WriteString(member.Name, BookReader.VoidedNote);
        }
    }
}
