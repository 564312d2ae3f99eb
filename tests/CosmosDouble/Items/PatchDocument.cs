using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.Query;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Items;

/// <summary>
/// A partial change: <c>{"condition": "from c where …", "operations": [{"op", "path", "value", "from"}]}</c>, at most ten
/// operations. Source: Microsoft Learn, "Partial document update in Azure Cosmos DB".
/// </summary>
internal static class PatchDocument
{
    private const int MostOperations = 10;
    private static readonly Dictionary<string, JsonElement> NoParameters = [];

    public static (JsonObject? Item, Refusal? Refusal) Apply(ReadOnlyMemory<byte> body, JsonElement item)
    {
        if (Parse(body) is not { } patch || patch["operations"] is not JsonArray { Count: >= 1 and <= MostOperations } operations)
        {
            return (null, Refusal.BadRequest("A patch has one to ten operations."));
        }

        if ((string?)patch["condition"] is { } condition)
        {
            var (query, problem) = SqlQuery.Parse($"SELECT * {condition}", NoParameters);
            if (query is null)
            {
                return (null, problem);
            }

            if (query.Where is { } where && !where.Evaluate(item).IsTrue)
            {
                return (null, Refusal.Changed);
            }
        }

        var changed = JsonObject.Create(item.Clone())!.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            if (Apply(operation!.AsObject(), changed) is { } problem)
            {
                return (null, Refusal.BadRequest(problem));
            }
        }

        return (changed, null);
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Apply(JsonObject operation, JsonObject item)
    {
        var path = Steps(operation["path"]);
        if (path.Length == 0 || path is ["id"] || path[0] is "_rid" or "_ts" or "_etag" or "_self")
        {
            return "The path of a patch operation names what a patch may not change.";
        }

        if (Parent(item, path) is not { } parent)
        {
            return "The parent of a patch operation's path does not exist.";
        }

        var name = (string?)operation["op"];
        if (name == "move")
        {
            return Move(item, Steps(operation["from"]), path);
        }

        var value = operation["value"]?.DeepClone();
        return (name, parent) switch
        {
            ("add" or "set", JsonObject target) => Set(target, path[^1], value),
            ("replace", JsonObject target) => target.ContainsKey(path[^1]) ? Set(target, path[^1], value) : Missing,
            ("remove", JsonObject target) => target.Remove(path[^1]) ? null : Missing,
            ("incr", JsonObject target) => Increase(target, path[^1], value),
            ("add", JsonArray target) => Insert(target, path[^1], value),
            ("set" or "replace", JsonArray target) => At(target, path[^1]) is { } at ? SetAt(target, at, value) : Missing,
            ("remove", JsonArray target) => At(target, path[^1]) is { } at ? RemoveAt(target, at) : Missing,
            _ => "The patch operation is not one of add, set, replace, remove, incr and move.",
        };
    }

    private const string Missing = "The path of a patch operation does not exist.";

    private static string? Set(JsonObject target, string name, JsonNode? value)
    {
        target[name] = value;
        return null;
    }

    private static string? SetAt(JsonArray target, int at, JsonNode? value)
    {
        target[at] = value;
        return null;
    }

    private static string? RemoveAt(JsonArray target, int at)
    {
        target.RemoveAt(at);
        return null;
    }

    private static string? Insert(JsonArray target, string name, JsonNode? value)
    {
        if (name == "-" || name == target.Count.ToString(CultureInfo.InvariantCulture))
        {
            target.Add(value);
            return null;
        }

        if (At(target, name) is not { } at)
        {
            return Missing;
        }

        target.Insert(at, value);
        return null;
    }

    private static string? Increase(JsonObject target, string name, JsonNode? by)
    {
        if (by?.GetValueKind() != JsonValueKind.Number || (target[name] is { } old && old.GetValueKind() != JsonValueKind.Number))
        {
            return "An increment needs numbers.";
        }

        var sum = Number(target[name]) + Number(by);
        target[name] = sum == Math.Floor(sum) && Math.Abs(sum) < 1e15 ? JsonValue.Create((long)sum) : JsonValue.Create(sum);
        return null;
    }

    private static string? Move(JsonObject item, string[] from, string[] path)
    {
        if (from.Length == 0 || Parent(item, from) is not JsonObject source || !source.ContainsKey(from[^1])
            || Parent(item, path) is not JsonObject target)
        {
            return Missing;
        }

        var value = source[from[^1]];
        source.Remove(from[^1]);
        return Set(target, path[^1], value);
    }

    private static double Number(JsonNode? node) => node is null ? 0 : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static int? At(JsonArray target, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < target.Count ? at : null;

    private static string[] Steps(JsonNode? path) =>
        path is JsonValue value && value.TryGetValue(out string? text) && text.StartsWith('/')
            ? [.. text[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : [];

    private static JsonNode? Parent(JsonNode item, string[] path)
    {
        JsonNode? at = item;
        foreach (var step in path[..^1])
        {
            at = at switch
            {
                JsonObject found => found[step],
                JsonArray found => At(found, step) is { } index ? found[index] : null,
                _ => null,
            };
        }

        return at;
    }
}
