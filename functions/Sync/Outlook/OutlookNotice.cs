using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Connectors;
using PracticPro.Vault;

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
[JsonConverter(typeof(NeverJson<OutlookNotice>))]
internal sealed record OutlookNotice(string Subscription, string? Secret, LifecycleEvent Lifecycle)
{
    private const int Most = 1_000;

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
                }));
            }

            return notices.ToImmutable();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new SyncFailures.PushMalformed();
        }
    }

    /// <summary>True when it comes from whom the channel was ordered of: the secret, compared in constant time.</summary>
    /// <param name="known">The stored channel of that subscription.</param>
    /// <param name="keys">Of the channel's tenant.</param>
    public bool IsProven(Channel known, TenantKeys keys) =>
        keys.IsWebhookSecret(known.Id.Text, Secret)
        && string.Equals(known.ProviderRef, Subscription, StringComparison.Ordinal);

    /// <summary>
    /// What a subscription is validated with, decoded; to be sent back as plain text with status 200 and nothing else. Null
    /// for an ordinary notice. Longer than any real one: not answered.
    /// </summary>
    public static string? Validation(IQueryCollection query) =>
        query.TryGetValue("validationToken", out var values) && values is [{ Length: > 0 and <= 2_000 } text] ? text : null;

    public override string ToString() => "***";

    private static string? TextOf(JsonElement one, string name) =>
        one.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
