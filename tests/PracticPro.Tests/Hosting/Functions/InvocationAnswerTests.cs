using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class InvocationAnswerTests
{
    [Fact]
    public async Task An_answer_is_always_a_json_object_with_a_length()
    {
        Func<HttpResponse, Task>[] answers =
        [
            InvocationAnswer.DoneAsync,
            response => InvocationAnswer.ReturnAsync(response, "x"),
            response => InvocationAnswer.ReturnAsync(response, [1, 2, 3]),
            response => InvocationAnswer.FailAsync(response, "a-code"),
        ];
        foreach (var answer in answers)
        {
            var (response, body) = await WrittenAsync(answer);

            Assert.True(response.StatusCode is 200 or 500);
            Assert.Equal("application/json", response.ContentType);
            Assert.Equal(body.Length, response.ContentLength);
            using var parsed = JsonDocument.Parse(body);
            Assert.Equal(JsonValueKind.Object, parsed.RootElement.ValueKind);
        }
    }

    [Fact]
    public async Task A_failure_tells_its_code_in_the_reason_phrase()
    {
        var (response, _) = await WrittenAsync(static response => InvocationAnswer.FailAsync(response, "storage-busy"));

        Assert.Equal(500, response.StatusCode);
        Assert.Equal("storage-busy", response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase);
    }

    [Fact]
    public async Task A_text_is_returned_as_a_text_so_that_the_host_keeps_what_is_in_it()
    {
        const string Sealed = """{"v":1,"output":{"at":"2024-01-02T03:04:05.1234567+02:00","sum":1.50}}""";
        var (_, body) = await WrittenAsync(static response => InvocationAnswer.ReturnAsync(response, Sealed));

        using var parsed = JsonDocument.Parse(body);
        Assert.Equal(Sealed, parsed.RootElement.GetProperty("ReturnValue").GetString());

        // What a host made of such a text, and of the same things outside one.
        var rows = Golden.Rows<Golden.ReturnValue>("return-values.json").ToDictionary(row => row.Kind);
        Assert.Equal("""{"a":1,"d":"2024-01-02T03:04:05Z"}""", JsonSerializer.Deserialize<string>(rows["string-json"].Result!));
        Assert.Equal("1.5", rows["number-float"].Result);
        Assert.Equal("\"2024-01-02T01:04:05.1234567+00:00\"", rows["date-offset"].Result);
    }

    private static async Task<(HttpResponse Response, byte[] Body)> WrittenAsync(Func<HttpResponse, Task> answer)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await answer(context.Response);
        return (context.Response, body.ToArray());
    }
}
