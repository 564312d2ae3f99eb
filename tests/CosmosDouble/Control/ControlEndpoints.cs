using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.CosmosDouble.Faults;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Control;

/// <summary>
/// Calls for whoever drives a double in another process: faults, splits, counts, under <c>/_double</c>. They need no
/// token; the server listens on loopback only, and nothing here shows an item.
/// </summary>
internal static class ControlEndpoints
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static void MapControl(this WebApplication app, CosmosServer server)
    {
        app.MapPost("/_double/faults", async (HttpContext context) =>
        {
            if (await ReadAsync<FaultOrder>(context) is not { } order || order.ToFault() is not { } fault)
            {
                await WriteAsync(context, 400, new { problem = "The fault is not understood." });
                return;
            }

            server.Faults.Add(new FaultMatch(order.Kind, order.Method, order.PartitionKey), fault, order.Skip, order.Times);
            await WriteAsync(context, 201, order);
        });
        app.MapDelete("/_double/faults", context =>
        {
            server.Faults.Clear();
            return WriteAsync(context, 200, new { });
        });
        app.MapPost("/_double/splits", async (HttpContext context) =>
        {
            if (await ReadAsync<SplitOrder>(context) is not { } order)
            {
                await WriteAsync(context, 400, new { problem = "The split is not understood." });
                return;
            }

            server.Split(order.Database, order.Container, order.Range ?? server.Ranges(order.Database, order.Container)[0]);
            await WriteAsync(context, 200, new { ranges = server.Ranges(order.Database, order.Container) });
        });
        app.MapGet("/_double/requests", context => WriteAsync(context, 200, new
        {
            counts = Enum.GetValues<RequestKind>().ToDictionary(kind => kind, server.Requests.Count),
            charge = server.Requests.Charge,
        }));
        app.MapDelete("/_double/requests", context =>
        {
            server.Requests.Clear();
            return WriteAsync(context, 200, new { });
        });
    }

    private static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Format, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, Format), context.RequestAborted);
    }

    /// <param name="Range">Null for the first of the ring.</param>
    private sealed record SplitOrder(string Database, string Container, string? Range);
}
