using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// What an activity answers through a Functions host: <c>{"v":1,"output":JSON}</c> or <c>{"v":1,"failure":{…}}</c>. The
/// host would keep nothing of a failed call but a status code; inside a call that did not fail, type, code and
/// retriability survive. The answer goes out as a JSON string that holds this text: dates and numbers inside it are then
/// not the host's to rewrite.
/// </summary>
internal static class ActivityAnswer
{
    private const int Version = 1;

    /// <param name="output">JSON text, or null for none.</param>
    public static string Seal(string? output) => Write(new Envelope(Version, output, null));

    public static string Seal(FailureDetails failure) => Write(new Envelope(Version, null, failure));

    /// <summary>What the history's result text says. What is not such an answer is a failure: nobody knows what it means.</summary>
    /// <param name="result">A JSON string literal that holds the answer's text.</param>
    public static HistoryEvent Open(DateTimeOffset at, int task, string? result)
    {
        try
        {
            var text = JsonSerializer.Deserialize<string>(result ?? "null");
            var envelope = JsonSerializer.Deserialize<Envelope>(text ?? "null", JsonShapes.Stored);
            if (envelope is { V: Version })
            {
                return envelope.Failure is { } failure
                    ? new HistoryEvent.TaskFailed(at, task, failure)
                    : new HistoryEvent.TaskCompleted(at, task, envelope.Output);
            }
        }
        catch (JsonException)
        {
            // Answered below.
        }

        return new HistoryEvent.TaskFailed(at, task, FailureDetails.OfEngine(FailureCodes.AnswerUnreadable));
    }

    private static string Write(Envelope envelope) => JsonSerializer.Serialize(envelope, JsonShapes.Stored);

    private sealed record Envelope(
        int V,
        [property: JsonConverter(typeof(RawJsonConverter))] string? Output,
        FailureDetails? Failure);
}
