using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox;

/// <summary>JSON answers as Google writes them: UTF-8, with the characters of ordinary text left readable.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
    };

    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Bytes(Bytes(body), "application/json; charset=UTF-8").WithStatus(status);

    public static byte[] Bytes(JsonNode body) => JsonSerializer.SerializeToUtf8Bytes(body, Readable);

    private static StatusResult WithStatus(this IResult result, int status) => new(result, status);

    private sealed class StatusResult(IResult inner, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return inner.ExecuteAsync(httpContext);
        }
    }
}
