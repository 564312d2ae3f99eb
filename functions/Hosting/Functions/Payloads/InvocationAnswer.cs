using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>
/// The only two answers a call of the host ever gets: 200 or 500, each with a JSON object. Nothing at all, a null, or
/// another status without a body would leave the host waiting until its time limit, which kills the handler.
/// </summary>
internal static class InvocationAnswer
{
    private const string MediaType = "application/json";
    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Done, with nothing to say.</summary>
    public static Task DoneAsync(HttpResponse response) =>
        WriteAsync(response, StatusCodes.Status200OK, static json => json.WriteNull("ReturnValue"));

    /// <summary>Done, with a text. The host passes it on as a JSON text.</summary>
    public static Task ReturnAsync(HttpResponse response, string value) =>
        WriteAsync(response, StatusCodes.Status200OK, json => json.WriteString("ReturnValue", value));

    /// <summary>Done, with bytes as base64.</summary>
    public static Task ReturnAsync(HttpResponse response, byte[] value) =>
        WriteAsync(response, StatusCodes.Status200OK, json => json.WriteBase64String("ReturnValue", value));

    /// <summary>Not done. The code is all that the host keeps of it, as the answer's reason phrase.</summary>
    /// <param name="code">Lower-case words with hyphens.</param>
    public static Task FailAsync(HttpResponse response, string code)
    {
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = code;
        return WriteAsync(response, StatusCodes.Status500InternalServerError, static json => json.WriteNull("ReturnValue"));
    }

    /// <summary>An answer that another process of this program made. It is one: <see cref="IsOne"/>.</summary>
    public static Task PassOnAsync(HttpResponse response, byte[] answer)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = MediaType;
        response.ContentLength = answer.Length;
        return response.Body.WriteAsync(answer, CancellationToken.None).AsTask();
    }

    /// <summary>Whether these bytes are a JSON object, whole.</summary>
    public static bool IsOne(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            return reader.Read() && reader.TokenType is JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The code in a reason phrase; null when it holds anything else.</summary>
    public static string? CodeOf(string? reason) =>
        reason is { Length: > 0 and <= 64 } && reason.All(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol == '-')
            ? reason
            : null;

    private static Task WriteAsync(HttpResponse response, int status, Action<Utf8JsonWriter> writeValue)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Form))
        {
            json.WriteStartObject();
            json.WriteStartObject("Outputs");
            json.WriteEndObject();
            json.WriteStartArray("Logs");
            json.WriteEndArray();
            writeValue(json);
            json.WriteEndObject();
        }

        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = body.WrittenCount;
        // Not tied to the request's end: the host cannot say that it has gone, so it has not.
        return response.Body.WriteAsync(body.WrittenMemory, CancellationToken.None).AsTask();
    }
}
