using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace PracticPro.KeyVaultDouble;

/// <summary>
/// What a rotation policy must be: at most one action of each kind; a notice is timed before the expiry, as a rotation may
/// be; nothing is timed before an expiry that is not set; rotation no sooner than 7 days after creation, expiry no sooner
/// than 28 (Microsoft Learn, "Configure cryptographic key auto-rotation").
/// </summary>
internal static class RotationRules
{
    private static readonly TimeSpan LeastRotation = TimeSpan.FromDays(7);
    private static readonly TimeSpan LeastExpiry = TimeSpan.FromDays(28);

    /// <summary>The actions of a key whose policy nobody touched.</summary>
    public static JsonArray Untouched() =>
        [new JsonObject
        {
            ["trigger"] = new JsonObject { ["timeBeforeExpiry"] = "P30D" },
            ["action"] = new JsonObject { ["type"] = "Notify" },
        }];

    /// <exception cref="Refusal">It breaks a rule.</exception>
    public static KeptPolicy Checked(JsonElement body, KeptPolicy? before, long now)
    {
        var expiryText = body.TryGetProperty("attributes", out var attributes)
            && attributes.TryGetProperty("expiryTime", out var expiryTime) ? expiryTime.GetString() : null;
        var expiry = expiryText is null ? (TimeSpan?)null : Duration(expiryText);
        Require(expiry is null || expiry >= LeastExpiry, "The expiry time must be at least 28 days.");
        var actions = new JsonArray();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (body.TryGetProperty("lifetimeActions", out var asked))
        {
            foreach (var action in asked.EnumerateArray())
            {
                var kind = action.GetProperty("action").GetProperty("type").GetString() ?? "";
                Require(kind is "Rotate" or "Notify" or "rotate" or "notify", "An action is Rotate or Notify.");
                Require(seen.Add(kind), "An action of one type may be set once.");
                CheckTrigger(action.GetProperty("trigger"), kind.Equals("Rotate", StringComparison.OrdinalIgnoreCase), expiry);
                actions.Add(JsonNode.Parse(action.GetRawText()));
            }
        }

        if (!seen.Contains("Notify"))
        {
            actions.Add(Untouched()[0]!.DeepClone());
        }

        return new KeptPolicy(actions, expiryText, before?.Created ?? now, now);
    }

    private static void CheckTrigger(JsonElement trigger, bool rotates, TimeSpan? expiry)
    {
        var isAfter = trigger.TryGetProperty("timeAfterCreate", out var after);
        var isBefore = trigger.TryGetProperty("timeBeforeExpiry", out var before);
        Require(isAfter != isBefore, "A trigger has one time.");
        if (isAfter)
        {
            var span = Duration(after.GetString());
            Require(rotates, "A notice is timed before the expiry.");
            Require(span >= LeastRotation, "A rotation is at least 7 days after the creation.");
            Require(expiry is null || span <= expiry - LeastRotation, "A rotation is at least 7 days before the expiry.");
        }
        else
        {
            var span = Duration(before.GetString());
            Require(!rotates || expiry is not null, "A rotation before the expiry needs an expiry time.");
            Require(expiry is null || span <= expiry - LeastRotation, "The time before the expiry is too long.");
        }
    }

    private static TimeSpan Duration(string? text)
    {
        try
        {
            Require(text is not null && text.StartsWith('P') && !text.Contains('T', StringComparison.Ordinal), "A duration is P…D, P…M or P…Y.");
            return XmlConvert.ToTimeSpan(text!);
        }
        catch (FormatException)
        {
            throw Refusal.BadParameter("A duration is P…D, P…M or P…Y.");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw Refusal.BadParameter(otherwise);
        }
    }
}
