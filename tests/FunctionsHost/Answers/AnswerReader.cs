using System.Text.Json;

namespace PracticPro.FunctionsHost.Answers;

/// <summary>The members of an answer: names in any letter case, others passed over, each of its one type.</summary>
internal static class AnswerReader
{
    /// <summary>Why an object is no answer; null when it is one.</summary>
    public static HostFailure? Problem(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            var fits = member.Name.ToUpperInvariant() switch
            {
                "OUTPUTS" => member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Null,
                "LOGS" => member.Value.ValueKind == JsonValueKind.Null || AreTexts(member.Value),
                _ => true,
            };
            if (!fits)
            {
                return new HostFailure(
                    "Newtonsoft.Json.JsonSerializationException",
                    $"Error converting value to the type of the member. Path '{member.Name}'.");
            }
        }

        return null;
    }

    public static HandlerAnswer Read(JsonElement root)
    {
        var outputs = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        var logs = new List<string>();
        JsonElement value = default;
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name.Equals("Outputs", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var output in member.Value.EnumerateObject())
                {
                    outputs[output.Name] = output.Value.Clone();
                }
            }
            else if (member.Name.Equals("Logs", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Array)
            {
                logs.AddRange(member.Value.EnumerateArray().Select(line => line.ToString()));
            }
            else if (member.Name.Equals("ReturnValue", StringComparison.OrdinalIgnoreCase))
            {
                value = member.Value.Clone();
            }
        }

        return new HandlerAnswer(outputs, logs, value);
    }

    private static bool AreTexts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(one => one.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));
}
