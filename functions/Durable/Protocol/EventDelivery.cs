using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Durable.Execution;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// An event on its way through an engine that knows no delivery ids: <c>{"$delivery":ID,"payload":JSON}</c>. The reading
/// side drops a second one of the same id within one generation of the instance.
/// </summary>
internal sealed record EventDelivery(
    [property: JsonPropertyName("$delivery"), JsonRequired] string Delivery,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Payload)
{
    private const string Mark = "{\"$delivery\":";

    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static string Seal(DeliveryId delivery, string? payload) =>
        JsonSerializer.Serialize(new EventDelivery(delivery.Text, payload), Shape);

    /// <summary>Null when the event came without an envelope: from an orchestration, or from a client that is not ours.</summary>
    public static EventDelivery? Open(string? input)
    {
        if (input is null || !input.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<EventDelivery>(input, Shape);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
