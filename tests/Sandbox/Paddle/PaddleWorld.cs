using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Webhooks;

namespace PracticPro.Sandbox.Paddle;

/// <summary>
/// Paddle as a sender of notifications: subscriptions and transactions, one event a notification. An event keeps its id
/// for ever; each notification of it, a replay for example, has an id of its own.
/// </summary>
internal sealed class PaddleWorld : IAsyncDisposable
{
    // Crockford's alphabet: the ids look like Paddle's.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Seeded _made;
    private readonly Dictionary<string, JsonObject> _events = new(StringComparer.Ordinal);

    public PaddleWorld(long seed, TimeProvider clock)
    {
        _clock = clock;
        _made = new Seeded(seed, "paddle");
        Courier = new WebhookCourier(seed, "paddle-courier", clock, Scheme);
    }

    public PaddleScheme Scheme { get; } = new();

    public WebhookCourier Courier { get; }

    /// <summary>Events that happened, by id.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events.Keys];
            }
        }
    }

    /// <summary>Lets an event happen and sends its notification. Data not given is made up to fit the type.</summary>
    public WebhookDelivery Emit(string type, JsonObject? data)
    {
        lock (_gate)
        {
            string key = Key("evt");
            _events[key] = new JsonObject
            {
                ["event_id"] = key,
                ["event_type"] = type,
                ["occurred_at"] = Time(_clock.GetUtcNow()),
                ["data"] = data?.DeepClone() ?? PaddleData.For(type, Key, Time, _clock.GetUtcNow()),
            };
            return Notify(key)!;
        }
    }

    /// <summary>One more notification of an event: the same event id, another notification id. Null when unknown.</summary>
    public WebhookDelivery? Notify(string eventKey)
    {
        lock (_gate)
        {
            if (!_events.TryGetValue(eventKey, out JsonObject? happened))
            {
                return null;
            }

            JsonObject envelope = happened.DeepClone().AsObject();
            string key = Key("ntf");
            envelope["notification_id"] = key;
            var delivery = new WebhookDelivery(key, Answers.Bytes(envelope));
            Courier.Publish(delivery);
            return delivery;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _events.Clear();
            Courier.Clear();
        }
    }

    public ValueTask DisposeAsync() => Courier.DisposeAsync();

    private string Key(string prefix)
    {
        var text = new StringBuilder(prefix).Append("_01");
        for (int at = 0; at < 24; at++)
        {
            text.Append(Alphabet[_made.Below(Alphabet.Length)]);
        }

        return text.ToString();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
