using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.CosmosDouble.Wire;

/// <summary>One answer.</summary>
/// <param name="Body">JSON, or the batch format; empty for none.</param>
internal sealed record CosmosAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public string? ETag { get; init; }

    /// <summary>Request units, estimated.</summary>
    public double Charge { get; init; }

    public string? SessionToken { get; init; }

    public long? Lsn { get; init; }

    public string? Continuation { get; init; }

    public int? ItemCount { get; init; }

    public int SubStatus { get; init; }

    public int? RetryAfterMilliseconds { get; init; }

    public static CosmosAnswer Empty(int status) => new(status, ReadOnlyMemory<byte>.Empty);

    public static CosmosAnswer Json(int status, JsonNode body) => new(status, JsonSerializer.SerializeToUtf8Bytes(body));

    public static CosmosAnswer Of(Refusal refusal) =>
        Json(refusal.Status, new JsonObject { ["code"] = refusal.Code, ["message"] = refusal.Message }) with
        {
            SubStatus = refusal.SubStatus,
            Charge = 1,
        };

    public async Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        Set(CosmosHeaders.ActivityId, context.Request.Headers[CosmosHeaders.ActivityId]);
        Set(CosmosHeaders.RequestCharge, Charge.ToString("0.##", CultureInfo.InvariantCulture));
        Set(CosmosHeaders.SessionToken, SessionToken);
        Set(CosmosHeaders.Lsn, Lsn?.ToString(CultureInfo.InvariantCulture));
        Set(CosmosHeaders.Continuation, Continuation);
        Set(CosmosHeaders.ItemCount, ItemCount?.ToString(CultureInfo.InvariantCulture));
        Set(CosmosHeaders.SubStatus, SubStatus == 0 ? null : SubStatus.ToString(CultureInfo.InvariantCulture));
        Set(CosmosHeaders.RetryAfter, RetryAfterMilliseconds?.ToString(CultureInfo.InvariantCulture));
        Set("ETag", ETag);
        if (Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.RequestAborted);

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                response.Headers[name] = value;
            }
        }
    }
}
