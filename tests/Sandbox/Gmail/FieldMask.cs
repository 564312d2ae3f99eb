using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// The "fields" parameter of Google's APIs: names joined by commas, "/" to go deeper, brackets to pick several below
/// one, "*" for all. Through arrays it passes as if they were not there. Names that are not in the answer are ignored.
/// </summary>
internal sealed class FieldMask
{
    private readonly Dictionary<string, FieldMask> _children = new(StringComparer.Ordinal);

    /// <summary>Null when the text is not a mask.</summary>
    public static FieldMask? Parse(string text)
    {
        var mask = new FieldMask();
        int at = 0;
        return mask.ReadList(text, ref at) && at == text.Length ? mask : null;
    }

    public JsonObject Apply(JsonObject whole)
    {
        var kept = new JsonObject();
        foreach ((string name, JsonNode? value) in whole)
        {
            if (_children.TryGetValue(name, out FieldMask? child) || _children.TryGetValue("*", out child))
            {
                kept[name] = child.Pick(value);
            }
        }

        return kept;
    }

    private JsonNode? Pick(JsonNode? value) => _children.Count == 0
        ? value?.DeepClone()
        : value switch
        {
            JsonObject inner => Apply(inner),
            JsonArray items => new JsonArray([.. items.Select(Pick)]),
            _ => value?.DeepClone(),
        };

    private bool ReadList(string text, ref int at)
    {
        do
        {
            if (!ReadPath(text, ref at))
            {
                return false;
            }
        }
        while (at < text.Length && text[at] == ',' && ++at > 0);
        return true;
    }

    private bool ReadPath(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '*'))
        {
            at++;
        }

        if (at == start)
        {
            return false;
        }

        if (!_children.TryGetValue(text[start..at], out FieldMask? child))
        {
            _children.Add(text[start..at], child = new FieldMask());
        }

        if (at < text.Length && text[at] == '/')
        {
            at++;
            return child.ReadPath(text, ref at);
        }

        if (at >= text.Length || text[at] != '(')
        {
            return true;
        }

        at++;
        bool closed = child.ReadList(text, ref at) && at < text.Length && text[at] == ')';
        at++;
        return closed;
    }
}
