namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>What a binding was given.</summary>
/// <param name="Kind">Nothing at all, a text, or JSON that is not a text.</param>
/// <param name="Content">The text, or the JSON's text; null for nothing.</param>
internal readonly record struct PayloadValue(PayloadKind Kind, string? Content)
{
    /// <summary>Absent. An input that was given as JSON's <c>null</c> is the text <c>null</c>.</summary>
    public static readonly PayloadValue None = new(PayloadKind.None, null);

    public static PayloadValue Text(string text) => new(PayloadKind.Text, text);

    public static PayloadValue Json(string json) => new(PayloadKind.Json, json);
}

internal enum PayloadKind
{
    None,
    Text,
    Json,
}
