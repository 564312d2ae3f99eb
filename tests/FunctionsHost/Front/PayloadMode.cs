using System.Globalization;
using System.Text.Json;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;
using PracticPro.FunctionsHost.Queues;
using PracticPro.FunctionsHost.Triggers;

namespace PracticPro.FunctionsHost.Front;

/// <summary>HTTP functions as JSON payloads, and what their http output makes of the answer.</summary>
internal static class PayloadMode
{
    public static async Task ServeAsync(HttpContext context, Function function, JobHost jobs, QueueStore queues)
    {
        var body = await HttpPayload.ReadAsync(context, function, jobs.Payloads);
        var outcome = await jobs.Invoker.InvokeAsync(function, body);
        if (outcome.Kind != OutcomeKind.Answered)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var answer = outcome.Answer!;
        QueueOutput.Write(queues, function, answer);
        if (function.Outputs.FirstOrDefault(one => one.Type == "http") is { } output)
        {
            await WriteAsync(context.Response, answer.Output(output.Name));
        }
    }

    // Only statusCode counts; nothing at all is an empty object; anything but an object is an error.
    private static async Task WriteAsync(HttpResponse response, JsonElement? output)
    {
        if (output is not { } value)
        {
            await WriteTextAsync(response, null, "{}");
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        response.StatusCode = Member(value, "statusCode") is { } status
            ? int.Parse(status.ToString(), CultureInfo.InvariantCulture)
            : StatusCodes.Status200OK;
        string? contentType = null;
        foreach (var header in Member(value, "headers") is { ValueKind: JsonValueKind.Object } all ? all.EnumerateObject() : default)
        {
            if (header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                contentType = header.Value.ToString();
            }
            else
            {
                response.Headers[header.Name] = header.Value.ToString();
            }
        }

        if (Member(value, "body") is { } body)
        {
            await WriteTextAsync(response, contentType, Text(body));
        }
    }

    private static string Text(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.String => body.GetString()!,
        JsonValueKind.Null => "",
        _ => JsonText.Indented(body, JsonText.Dates.Rewritten),
    };

    private static Task WriteTextAsync(HttpResponse response, string? contentType, string text)
    {
        var type = contentType ?? "text/plain";
        response.ContentType = type.Contains("charset", StringComparison.OrdinalIgnoreCase) ? type : $"{type}; charset=utf-8";
        return response.WriteAsync(text);
    }

    private static JsonElement? Member(JsonElement value, string name)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }
}
