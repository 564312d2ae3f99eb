using System.Text.Json.Nodes;

namespace PracticPro.FunctionsHost.App;

/// <summary>Why the real host would not load a function.</summary>
internal static class FunctionRules
{
    private static readonly string[] Triggers =
    [
        "httpTrigger", "timerTrigger", "queueTrigger", "cosmosDBTrigger", "eventGridTrigger", "orchestrationTrigger",
        "activityTrigger", "entityTrigger", "warmupTrigger",
    ];

    private static readonly string[] Others = ["http", "queue", "durableClient"];

    /// <summary>What must be right before anything else can be read.</summary>
    public static IEnumerable<string> Shape(string name, JsonObject json)
    {
        if (json["bindings"] is not JsonArray { Count: > 0 } bindings)
        {
            return [$"{name}: at least one binding must be declared."];
        }

        var refusals = new List<string>();
        foreach (var binding in bindings)
        {
            foreach (var required in (string[])["name", "type", "direction"])
            {
                if (binding is not JsonObject entry || entry[required] is not JsonValue value
                    || !value.TryGetValue<string>(out var text) || text.Length == 0)
                {
                    refusals.Add($"{name}: a binding without {required}.");
                }
            }
        }

        if (refusals.Count == 0 && Triggerless(bindings) is { } problem)
        {
            refusals.Add($"{name}: {problem}");
        }

        return refusals;
    }

    /// <summary>What is wrong with a function that could be read.</summary>
    public static IEnumerable<string> Refusals(Function function)
    {
        foreach (var group in function.Bindings.GroupBy(binding => binding.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
        {
            yield return $"{function.Name}: the binding name {group.Key} is used more than once.";
        }

        foreach (var binding in function.Bindings)
        {
            if (!Triggers.Contains(binding.Type) && !Others.Contains(binding.Type))
            {
                yield return $"{function.Name}: the binding type {binding.Type} is not registered.";
            }

            if (binding.IsTrigger && binding.IsOutput)
            {
                yield return $"{function.Name}: a trigger with the direction out.";
            }
        }

        if (function.Trigger.Type is "orchestrationTrigger" or "activityTrigger"
            && function.Bindings.Any(binding => binding.Name == "$return"))
        {
            yield return $"{function.Name}: $return must not be declared for a durable trigger.";
        }

        if (function.Trigger.Type == "orchestrationTrigger" && function.DurableName.StartsWith('@'))
        {
            yield return $"{function.Name}: the name of an orchestration must not start with @.";
        }

        if (function.Trigger.Type == "queueTrigger" && function.Trigger.Text("queueName") is not { Length: >= 3 })
        {
            yield return $"{function.Name}: a queue trigger without queueName.";
        }
    }

    private static string? Triggerless(JsonArray bindings) =>
        bindings.Count(one => one!["type"]!.GetValue<string>().EndsWith("Trigger", StringComparison.Ordinal)) switch
        {
            1 => null,
            0 => "no trigger is declared.",
            _ => "more than one trigger is declared.",
        };
}
