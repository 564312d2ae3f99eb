using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Assistant;
using PracticPro.Durable.Triggers;
using PracticPro.Hosting.Status;
using PracticPro.Keys;
using PracticPro.Sync;
using PracticPro.Tasks;
using PracticPro.Web;

namespace PracticPro.Hosting.Http;

/// <summary>All endpoints: one line a room. Each room's <c>…Functions.cs</c> is its contents page.</summary>
internal static class RouteTable
{
    private const string Api = "/api/v1";

    /// <exception cref="InvalidOperationException">An endpoint says not who may use it.</exception>
    [Function("http")]
    public static void MapPracticPro([HttpTrigger("{*path}")] this WebApplication app)
    {
        var routes = app.MapGroup("").AnswerWithOutcomes();
        routes.MapAccess();
        routes.MapSync();
        routes.MapKeys();
        routes.MapApprovals();
        routes.MapTasks();
        routes.MapAssistant();
        routes.MapAudit();
        routes.MapWeb();
        routes.MapGet("/healthz", static () => new Health("ok")).AllowAnyone("Tells a watchdog that the program runs, and nothing else.");
        routes.MapGet("/status", AnswerStatusAsync).AllowAnyone("Says whether stores and keys can be used now, in fixed phrases.");
        routes.MapGet(Api, () => ContentsOf(app)).AllowAnyone("Says which calls there are. Nothing of anybody's is in it.");
        DemandRequirements(app);
    }

    public static IReadOnlyList<RouteEndpoint> EndpointsOf(IEndpointRouteBuilder app) =>
        [.. app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <summary>Silence would let everybody in, so it stops the start.</summary>
    public static void DemandRequirements(IEndpointRouteBuilder app)
    {
        var silent = EndpointsOf(app).Where(endpoint => endpoint.Metadata.GetMetadata<Requirement>() is null).ToList();
        if (silent.Count > 0)
        {
            throw new InvalidOperationException(
                $"These endpoints do not say who may use them: {string.Join(", ", silent.Select(endpoint => endpoint.DisplayName))}");
        }
    }

    /// <summary>200 when all is well, 503 when a part is not: a watchdog reads the status alone.</summary>
    private static async Task<IResult> AnswerStatusAsync(ShowStatus status, CancellationToken cancellation)
    {
        var page = await status.RunAsync(cancellation);
        return Results.Json(page, statusCode: page.IsOk ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static Contents ContentsOf(IEndpointRouteBuilder app) => new(
    [
        .. EndpointsOf(app)
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(Api, StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => new Call(method, endpoint.RoutePattern.RawText!)))
            .OrderBy(call => call.Path, StringComparer.Ordinal),
    ]);

    internal sealed record Health(string Status);

    internal sealed record Contents(IReadOnlyList<Call> Calls);

    internal sealed record Call(string Method, string Path);
}
