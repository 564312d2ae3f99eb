using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.FunctionsHost.App;

/// <summary>
/// An app as it is deployed: host.json, and a folder with a function.json for each function. What the real host would
/// not load is refused here with a sentence for each thing.
/// </summary>
/// <param name="Root">The folder of host.json; null for an app declared in code.</param>
internal sealed record AppFolder(string? Root, HostSettings Settings, IReadOnlyList<Function> Functions)
{
    /// <summary>The app, or what is wrong with it.</summary>
    public static (AppFolder? App, IReadOnlyList<string> Refusals) Read(
        string folder, IReadOnlyDictionary<string, string> appSettings)
    {
        var refusals = new List<string>();
        var root = Path.GetFullPath(folder);
        var host = Parse(Path.Combine(root, "host.json"), refusals);
        var functions = new List<Function>();
        foreach (var one in Folders(root))
        {
            var file = Path.Combine(one, "function.json");
            if (File.Exists(file) && Parse(file, refusals) is { } json)
            {
                Add(functions, Path.GetFileName(one), json, refusals);
            }
        }

        var settings = HostSettings.Read(host ?? []);
        refusals.AddRange(Judge(settings, functions, appSettings));
        return refusals.Count == 0 ? (new AppFolder(root, settings, functions), []) : (null, refusals);
    }

    /// <summary>An app declared in code, held to the same rules.</summary>
    /// <exception cref="InvalidOperationException">The real host would refuse it.</exception>
    public static AppFolder Of(HostSettings settings, params IEnumerable<Function> functions)
    {
        var all = functions.ToList();
        var refusals = all.SelectMany(FunctionRules.Refusals).ToList();
        return refusals.Count == 0
            ? new AppFolder(null, settings, all)
            : throw new InvalidOperationException(string.Join(' ', refusals));
    }

    private static IEnumerable<string> Judge(
        HostSettings settings, List<Function> functions, IReadOnlyDictionary<string, string> appSettings)
    {
        if (string.IsNullOrWhiteSpace(settings.Executable))
        {
            yield return "host.json: customHandler.description.defaultExecutablePath is missing.";
        }

        foreach (var refusal in functions.SelectMany(FunctionRules.Refusals)
            .Concat(functions.SelectMany(function => ScheduleRules.Refusals(function, appSettings))))
        {
            yield return refusal;
        }
    }

    private static void Add(List<Function> functions, string name, JsonObject json, List<string> refusals)
    {
        var problems = FunctionRules.Shape(name, json).ToList();
        refusals.AddRange(problems);
        if (problems.Count == 0)
        {
            functions.Add(new Function(name, [.. json["bindings"]!.AsArray().Select(one => ReadBinding(one!.AsObject()))]));
        }
    }

    private static Binding ReadBinding(JsonObject json) => new(
        json["name"]!.GetValue<string>(),
        json["type"]!.GetValue<string>(),
        json["direction"]!.GetValue<string>().Equals("out", StringComparison.OrdinalIgnoreCase),
        json);

    private static IEnumerable<string> Folders(string root) =>
        Directory.Exists(root) ? Directory.GetDirectories(root).Order(StringComparer.Ordinal) : Array.Empty<string>();

    private static JsonObject? Parse(string file, List<string> refusals)
    {
        if (!File.Exists(file))
        {
            refusals.Add($"{Path.GetFileName(file)} is missing.");
            return null;
        }

        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            return JsonNode.Parse(File.ReadAllText(file), documentOptions: options) as JsonObject;
        }
        catch (JsonException)
        {
            refusals.Add($"{Path.GetRelativePath(Path.GetDirectoryName(Path.GetDirectoryName(file))!, file)} is no JSON object.");
            return null;
        }
    }
}
