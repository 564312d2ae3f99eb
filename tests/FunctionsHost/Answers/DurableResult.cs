using System.Text.Json;
using PracticPro.FunctionsHost.Payload;

namespace PracticPro.FunctionsHost.Answers;

/// <summary>What the Durable extension makes of a ReturnValue.</summary>
internal static class DurableResult
{
    /// <summary>The result text of an activity: JSON, dates with an offset moved to UTC; null for null and for nothing.</summary>
    public static string? OfActivity(JsonElement value) =>
        value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            ? null
            : JsonText.Compact(value, JsonText.Dates.Rewritten);

    /// <summary>The bytes of a turn's answer; null when there are none.</summary>
    /// <exception cref="FormatException">The text is not base64.</exception>
    public static byte[]? OfTurn(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? Convert.FromBase64String(text)
            : null;
}
