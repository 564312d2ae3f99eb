using System.Text.Json;
using PracticPro.Vault;

namespace PracticPro.Sync.Paddle;

/// <summary>
/// An event of Paddle's about what a practice pays us, proven and kept as it came. Nothing is done with it here: what it means for
/// a subscription is for the room that will keep subscriptions.
/// </summary>
/// <param name="Event">Paddle's id of the event; the same in every notification of it.</param>
/// <param name="Kind"><c>subscription.created</c>, <c>transaction.completed</c> and so on.</param>
/// <param name="HappenedAt">By Paddle's clock. Events come in any order.</param>
/// <param name="Raw">The notification's bytes.</param>
internal sealed record BillingNotice(string Event, string Kind, DateTimeOffset HappenedAt, DateTimeOffset CameAt, byte[] Raw)
{
    public const string ByHappenedAt = "by-happened-at";

    public static readonly RecordKind<BillingNotice> Kept = new(
        "billing-notice", 1, Purpose.Records, static notice => notice.Event,
        RecordIndex<BillingNotice>.Readable(ByHappenedAt, static notice => IndexText.Time(notice.HappenedAt)));
}

/// <summary>The envelope of a notification, as far as it is needed to put it away.</summary>
/// <param name="Practice">
/// Whose it is, by <c>data.custom_data.practice</c>, which a checkout of ours sets and Paddle hands on to subscription and
/// transaction; null when it names none. A checkout runs in a browser, where anybody can name any practice: whoever applies a
/// notice holds its customer against the one the practice has.
/// </param>
internal sealed record BillingEnvelope(string Event, string Kind, DateTimeOffset HappenedAt, string? Practice)
{
    private const int LongestKey = 60;
    private const int LongestKind = 60;

    /// <summary>Null when it is no notification.</summary>
    public static BillingEnvelope? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Text(json.RootElement, "event_id") is { Length: > 4 and <= LongestKey } key
                && key.StartsWith("evt_", StringComparison.Ordinal)
                && key.AsSpan(4).IndexOfAnyExcept(KeyLetters) < 0
                && Text(json.RootElement, "event_type") is { Length: > 0 and <= LongestKind } kind
                && json.RootElement.GetProperty("occurred_at").TryGetDateTimeOffset(out var happenedAt)
                    ? new BillingEnvelope(key, kind, happenedAt.ToUniversalTime(), PracticeIn(json.RootElement))
                    : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static readonly System.Buffers.SearchValues<char> KeyLetters =
        System.Buffers.SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    private static string? PracticeIn(JsonElement whole) =>
        Member(Member(whole, "data"), "custom_data") is { } custom ? Text(custom, "practice") : null;

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
