using System.Text.Json.Nodes;

namespace PracticPro.FunctionsHost.App;

/// <summary>One folder with a function.json: what starts the function and what it is bound to.</summary>
/// <param name="Name">The folder's name; the path a payload is posted to.</param>
/// <param name="Bindings">All of them, the trigger included, in the order of the file.</param>
internal sealed record Function(string Name, IReadOnlyList<Binding> Bindings)
{
    public Binding Trigger { get; } = Bindings.First(binding => binding.IsTrigger);

    /// <summary>The name orchestrations call it by: an alias, or the function's own.</summary>
    public string DurableName => Trigger.Text("orchestration") ?? Trigger.Text("activity") ?? Name;

    public IEnumerable<Binding> Outputs => Bindings.Where(binding => binding.IsOutput);

    /// <summary>Exactly an HTTP trigger and an HTTP output: such a function can be handed the request itself.</summary>
    public bool IsHttpInAndOut =>
        Trigger.Type == "httpTrigger"
        && Bindings.Count(binding => !binding.IsOutput) == 1
        && Outputs.Count() == 1
        && Outputs.Single().Type == "http";

    /// <summary>Functions declared in code, for tests that need no folder.</summary>
    public static Function Of(string name, string triggerType, string triggerName, params IEnumerable<Binding> others) =>
        new(name, [Binding.Of(triggerType, triggerName), .. others]);
}

/// <summary>One entry of <c>bindings</c>.</summary>
/// <param name="Settings">The whole entry.</param>
internal sealed record Binding(string Name, string Type, bool IsOutput, JsonObject Settings)
{
    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.Ordinal);

    public static Binding Of(string type, string name, bool output = false) => new(name, type, output, []);

    public Binding With(string setting, JsonNode value)
    {
        var settings = (JsonObject)Settings.DeepClone();
        settings[setting] = value;
        return this with { Settings = settings };
    }

    /// <summary>A setting that is a text; null when it is absent or something else.</summary>
    public string? Text(string setting) =>
        Settings[setting] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A setting that is true or false.</summary>
    public bool Flag(string setting, bool otherwise) =>
        Settings[setting] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    public IReadOnlyList<string> Texts(string setting) =>
        Settings[setting] is JsonArray all ? [.. all.Select(one => one!.GetValue<string>())] : [];
}
