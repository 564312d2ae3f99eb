using System.Text;
using System.Text.Json;
using PracticPro.FunctionsHost.Answers;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;
using PracticPro.FunctionsHost.Queues;

namespace PracticPro.FunctionsHost.Triggers;

/// <summary>
/// What a queue output becomes. A text that is valid base64 is taken for bytes, one that is JSON for JSON, one that looks
/// like a date for a date; an array becomes one message for each item; objects are written over several lines.
/// </summary>
internal static class QueueOutput
{
    /// <summary>Puts the messages of all queue outputs of an answer.</summary>
    public static void Write(QueueStore queues, Function function, HandlerAnswer answer)
    {
        foreach (var output in function.Outputs.Where(one => one.Type == "queue"))
        {
            if (output.Text("queueName") is { } queue && answer.Output(output.Name) is { } value)
            {
                queues.Create(queue);
                foreach (var text in Texts(value))
                {
                    queues.Put(queue, text);
                }
            }
        }
    }

    /// <summary>The raw texts of the messages: base64 all of them.</summary>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.String => OfText(value.GetString()!),
        JsonValueKind.Array => [.. value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String
            ? Base64(one.GetString()!)
            : Base64(JsonText.Indented(one, JsonText.Dates.Rewritten)))],
        _ => [Base64(JsonText.Indented(value, JsonText.Dates.Rewritten))],
    };

    private static IEnumerable<string> OfText(string text)
    {
        if (text.Length > 0 && Convert.TryFromBase64String(text, new byte[text.Length], out _))
        {
            return [text];
        }

        if (DateText.InCulture(text) is { } date)
        {
            return [Base64(date)];
        }

        return Json(text) is { } json ? Texts(json) : [Base64(text)];
    }

    private static JsonElement? Json(string text)
    {
        if (text.AsSpan().Trim() is not (['{', .., '}'] or ['[', .., ']']))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
