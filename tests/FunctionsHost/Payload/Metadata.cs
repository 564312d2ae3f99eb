using System.Text.Json;

namespace PracticPro.FunctionsHost.Payload;

/// <summary>
/// The second half of a payload. Names are the same in any letter case and keep their first place and spelling. A
/// payload that is a JSON object is merged into it and takes the place of what was there: the trap of the contract.
/// </summary>
internal sealed class Metadata
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets a name to a value that is JSON already.</summary>
    public void Set(string name, string json)
    {
        if (!_values.ContainsKey(name))
        {
            _names.Add(name);
        }

        _values[name] = json;
    }

    /// <summary>Takes a name out: what the host itself keeps under it is not for the wire.</summary>
    public void Remove(string name)
    {
        if (_values.Remove(name))
        {
            _names.RemoveAll(one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>What the host knows of the call; under another name when the payload took this one.</summary>
    public void SetSystem(string function, DateTimeOffset now, Guid random)
    {
        var json = $$"""{"MethodName":{{JsonText.Quote(function)}},"UtcNow":"{{DateText.Utc(now)}}","RandGuid":"{{random}}"}""";
        Set(_values.ContainsKey("sys") ? "$sys" : "sys", json);
    }

    /// <summary>Merges the properties of a text that is a JSON object; of any other text, nothing.</summary>
    public void Merge(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (!trimmed.StartsWith('{') || !trimmed.EndsWith('}'))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(trimmed);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                MergeOne(property);
            }
        }
        catch (JsonException)
        {
            // Looks like an object and is none: not an error for the host either.
        }
    }

    /// <summary>Compact JSON. Names that end in "trigger" are left out.</summary>
    public string Write() =>
        "{" + string.Join(',', _names
            .Where(name => !name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase))
            .Select(name => $"{JsonText.Quote(name)}:{_values[name]}")) + "}";

    private void MergeOne(JsonProperty property)
    {
        if (property.Value.ValueKind == JsonValueKind.Object)
        {
            Set(property.Name, JsonText.Compact(property.Value, JsonText.Dates.Rewritten));
        }
        else if (InCulture(property.Value) is { } text)
        {
            Set(property.Name, Encoded.Text(text));
        }
    }

    // A scalar as a cast to text prints it; null and arrays do not take part.
    private static string? InCulture(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => DateText.InCulture(value.GetString()!) ?? value.GetString(),
        JsonValueKind.Number => Bare(JsonText.Number(value.GetRawText())),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => null,
    };

    private static string Bare(string number) =>
        number.EndsWith(".0", StringComparison.Ordinal) ? number[..^2] : number;
}
