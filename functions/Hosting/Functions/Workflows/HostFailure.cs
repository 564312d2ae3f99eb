using System.Text.Json;
using System.Text.RegularExpressions;
using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Hosting.Functions.Workflows;

/// <summary>
/// Tells an instance that the host failed, because a turn of it got no answer, from one whose own code failed. The first
/// knows nothing of it and is as good as new; the second is left as it is.
/// </summary>
internal static partial class HostFailure
{
    public static bool IsOf(InstanceStatus instance) =>
        instance.Status is OrchestrationStatus.Failed && instance.Failure is { } failure && IsOf(failure);

    private static bool IsOf(FailureDetails failure) => failure switch
    {
        // What we answer ourselves to an engine that knows no other way to take a turn back.
        { Code: FailureCodes.TurnAbandoned, Type: "durable" } => true,

        // A host's failure, already read as what it stands for.
        { Code: FailureCodes.DeliveryLost, Type: not "durable" } => true,

        // Our own failures have a code; what has words instead was said by the host.
        { Code: FailureCodes.Foreign, Detail: { } words } => SaidOfATurn().IsMatch(MessageIn(words)),
        _ => false,
    };

    /// <summary>The words come bare, as a JSON text, or as the output of a failed instance: <c>{"message":…,"details":…}</c>.</summary>
    private static string MessageIn(string words)
    {
        if (words is not ['{' or '"', ..])
        {
            return words;
        }

        try
        {
            using var json = JsonDocument.Parse(words);
            var message = json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var member)
                ? member
                : json.RootElement;
            return message.ValueKind is JsonValueKind.String ? message.GetString()! : "";
        }
        catch (JsonException)
        {
            return words;
        }
    }

    [GeneratedRegex(@"\AFunction '[^']*' failed with an unhandled exception\.")]
    private static partial Regex SaidOfATurn();
}
