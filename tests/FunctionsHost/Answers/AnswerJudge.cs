using System.Text;
using System.Text.Json;

namespace PracticPro.FunctionsHost.Answers;

/// <summary>
/// What the host makes of a handler's answer to a payload: taken, failed, or (the trap) never answered at all, which is
/// how an empty body and a JSON null are taken.
/// </summary>
internal static class AnswerJudge
{
    private const string Result = "Microsoft.Azure.WebJobs.Script.Workers.Http.HttpScriptInvocationResult";

    /// <summary>The answer, or why the invocation failed; both null when it hangs.</summary>
    public static (HandlerAnswer? Answer, HostFailure? Failure) Judge(HttpResponseMessage response, byte[] body)
    {
        if (!response.IsSuccessStatusCode)
        {
            var reason = string.IsNullOrWhiteSpace(response.ReasonPhrase) ? "" : $" ({response.ReasonPhrase})";
            return (null, new HostFailure(
                "System.Net.Http.HttpRequestException",
                $"Response status code does not indicate success: {(int)response.StatusCode}{reason}."));
        }

        if (body.Length == 0)
        {
            return (null, null);
        }

        var media = response.Content.Headers.ContentType?.MediaType ?? "application/octet-stream";
        if (media is not ("application/json" or "text/json"))
        {
            return (null, Invalid(response, body, new HostFailure(
                "System.Net.Http.UnsupportedMediaTypeException",
                $"No MediaTypeFormatter is available to read an object of type 'HttpScriptInvocationResult' from content with media type '{media}'.")));
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return Typed(response, body, document.RootElement);
        }
        catch (JsonException broken)
        {
            return (null, Invalid(response, body, Unreadable(body, broken)));
        }
    }

    private static (HandlerAnswer?, HostFailure?) Typed(HttpResponseMessage response, byte[] body, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Null)
        {
            return (null, null);
        }

        var problem = root.ValueKind == JsonValueKind.Object ? AnswerReader.Problem(root) : NoObject(root, body);
        return problem is null ? (AnswerReader.Read(root), null) : (null, Invalid(response, body, problem));
    }

    private static HostFailure Invalid(HttpResponseMessage response, byte[] body, HostFailure inner) => new(
        "System.InvalidOperationException",
        $"Invalid HttpResponseMessage:\n{Print(response)}\n {Encoding.UTF8.GetString(body)}",
        inner);

    private static string Print(HttpResponseMessage response) =>
        response.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);

    private static HostFailure NoObject(JsonElement root, byte[] body)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return new HostFailure(
                "Newtonsoft.Json.JsonSerializationException",
                $"Cannot deserialize the current JSON array (e.g. [1,2,3]) into type '{Result}' because the type requires a "
                + "JSON object (e.g. {\"name\":\"value\"}) to deserialize correctly.\nTo fix this error either change the JSON to "
                + "a JSON object (e.g. {\"name\":\"value\"}) or change the deserialized type to an array or a type that implements "
                + "a collection interface (e.g. ICollection, IList) like List<T> that can be deserialized from a JSON array. "
                + "JsonArrayAttribute can also be added to the type to force it to deserialize from a JSON array.\n"
                + "Path '', line 1, position 1.");
        }

        var kind = root.ValueKind switch
        {
            JsonValueKind.String => "System.String",
            JsonValueKind.Number => "System.Int64",
            _ => "System.Boolean",
        };
        return new HostFailure(
            "Newtonsoft.Json.JsonSerializationException",
            $"Error converting value {root.GetRawText()} to type '{Result}'. Path '', line 1, position {body.Length}.",
            new HostFailure("System.ArgumentException", $"Could not cast or convert from {kind} to {Result}."));
    }

    // The reader's own words are known for a body that breaks off in a name; elsewhere they only name the place.
    private static HostFailure Unreadable(byte[] body, JsonException broken) => new(
        "Newtonsoft.Json.JsonReaderException",
        Encoding.UTF8.GetString(body) is ['{', >= 'a' and <= 'z', ..] text && text.Skip(1).All(char.IsAsciiLetter)
            ? $"Unexpected end while parsing unquoted property name. Path '', line 1, position {text.Length}."
            : $"Unexpected character encountered while parsing value. Path '', line {broken.LineNumber + 1}, position {broken.BytePositionInLine}.");
}
