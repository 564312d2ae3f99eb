using System.Text.Json;

namespace PracticPro.FunctionsHost.Payload;

/// <summary>
/// How one value goes to a handler: objects as objects, dates as plain texts, and everything else as a JSON string that
/// holds the JSON text of the value, so that a plain text arrives quoted twice.
/// </summary>
internal static class Encoded
{
    /// <summary>What is missing in Data.</summary>
    public const string Nothing = "\"null\"";

    public static string Text(string value) => JsonText.Quote(JsonText.Quote(value));

    public static string Date(DateTimeOffset time) => JsonText.Quote(DateText.WithOffset(time));

    /// <summary>A JSON value; <paramref name="compact"/> is its text.</summary>
    public static string Json(JsonElement value, string compact) =>
        value.ValueKind == JsonValueKind.Object ? compact : JsonText.Quote(compact);
}
