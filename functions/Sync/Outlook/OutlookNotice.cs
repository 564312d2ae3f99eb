using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Sync.Outlook;

/// <summary>What happened to a subscription itself.</summary>
internal enum LifecycleEvent
{
    /// <summary>Nothing: it tells of a change.</summary>
    None,

    /// <summary>It says nothing more until it is renewed.</summary>
    Reauthorise,

    /// <summary>It is gone; order another, and look for what it did not tell.</summary>
    Removed,

    /// <summary>Something was lost on the way; look for it.</summary>
    Missed,
}

/// <summary>
/// One notice of a POST, which may mix subscriptions of many practices. Nothing of it is signed: it is worth no more than
/// the clientState it brings along, and a hint even then.
/// </summary>
/// <param name="Secret">As it came; not yet proven.</param>
/// <param name="Raw">As it came, without the secret, which nobody needs again.</param>
[JsonConverter(typeof(NeverJson<OutlookNotice>))]
internal sealed record OutlookNotice(string Subscription, string? Secret, LifecycleEvent Lifecycle, ReadOnlyMemory<byte> Raw)
{
    private const int Most = 1_000;

    /// <summary>Equal for repeats: Graph gives a notice no id of its own that can be relied on.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Raw.Span));

    /// <summary>All notices of a body. An unknown lifecycle event counts as a loss: looking costs little.</summary>
    public static Outcome<ImmutableArray<OutlookNotice>> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var notices = ImmutableArray.CreateBuilder<OutlookNotice>();
            foreach (var one in json.RootElement.GetProperty("value").EnumerateArray().Take(Most))
            {
                if (one.GetProperty("subscriptionId").GetString() is not { Length: > 0 and <= 200 } subscription)
                {
                    return new SyncFailures.PushMalformed();
                }

                notices.Add(new OutlookNotice(subscription, TextOf(one, "clientState"), TextOf(one, "lifecycleEvent") switch
                {
                    null => LifecycleEvent.None,
                    "reauthorizationRequired" => LifecycleEvent.Reauthorise,
                    "subscriptionRemoved" => LifecycleEvent.Removed,
                    _ => LifecycleEvent.Missed,
                }, WithoutSecret(one)));
            }

            return notices.ToImmutable();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            return new SyncFailures.PushMalformed();
        }
    }

    /// <summary>
    /// What a subscription is validated with, decoded; to be sent back as plain text with status 200 and nothing else. Null
    /// for an ordinary notice. Longer than any real one: not answered.
    /// </summary>
    public static string? Validation(IReadOnlyDictionary<string, string> query) =>
        query.TryGetValue("validationToken", out var text) && text is { Length: > 0 and <= 2_000 } ? text : null;

    public override string ToString() => "***";

    private static byte[] WithoutSecret(JsonElement one) => JsonSerializer.SerializeToUtf8Bytes(
        one.EnumerateObject().Where(static member => member.Name != "clientState").ToDictionary(static member => member.Name, static member => member.Value));

    private static string? TextOf(JsonElement one, string name) =>
        one.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
