using System.Text.Json;

namespace PracticPro.FunctionsHost.Answers;

/// <summary>A handler's answer that the host accepts.</summary>
/// <param name="ReturnValue">Undefined when the member is absent.</param>
internal sealed record HandlerAnswer(
    IReadOnlyDictionary<string, JsonElement> Outputs, IReadOnlyList<string> Logs, JsonElement ReturnValue)
{
    /// <summary>The value of an output; a ReturnValue that is an object fills outputs of the same names.</summary>
    public JsonElement? Output(string name) =>
        Outputs.TryGetValue(name, out var value) ? value
        : name == "$return" && ReturnValue.ValueKind != JsonValueKind.Undefined ? ReturnValue
        : ReturnValue.ValueKind == JsonValueKind.Object ? Member(ReturnValue, name)
        : null;

    private static JsonElement? Member(JsonElement value, string name)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }
}
