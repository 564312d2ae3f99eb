using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>
/// Takes a request through the gates: token, limits, user, scope, body. Then runs the method under the account's lock
/// and writes the answer.
/// </summary>
internal static class GraphEndpoints
{
    private const string Root = "/v1.0";
    private const int LargestBody = 4 * 1024 * 1024;

    private const string JsonType =
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

    /// <summary>How clients write the delta function.</summary>
    private static readonly string[] DeltaForms = ["delta", "delta()", "microsoft.graph.delta()"];

    public static void MapGraph(this IEndpointRouteBuilder routes, World world)
    {
        foreach (GraphMethod method in GraphMethods.All)
        {
            string[] roots = method.IsGlobal ? [Root] : [Root + "/me", Root + "/users/{user}"];
            foreach (string path in roots.SelectMany(root => Forms(root + method.Path)))
            {
                routes.MapMethods(path, [method.Verb], context => Handle(world, method, context));
            }
        }

        world.Microsoft.Uploads.Map(routes);
    }

    /// <summary>An error of this API, with the headers it comes with.</summary>
    public static Task WriteError(HttpContext context, GraphError error, DateTimeOffset now) =>
        Write(context, error, now, null);

    private static string[] Forms(string path) => path.EndsWith("/delta", StringComparison.Ordinal)
        ? [.. DeltaForms.Select(form => path[..^"delta".Length] + form)]
        : [path];

    private static async Task Handle(World world, GraphMethod method, HttpContext context)
    {
        var prefers = Preferences.Read(context.Request.Headers["Prefer"]);
        GraphAnswer answer = await Pass(world, method, context, prefers);
        await Write(context, answer, world.Clock.GetUtcNow(), prefers);
    }

    private static async Task<GraphAnswer> Pass(
        World world, GraphMethod method, HttpContext context, Preferences prefers)
    {
        MicrosoftWorld microsoft = world.Microsoft;
        string? token = Bearer.Of(context.Request);
        if (microsoft.Grants.Check(token) is not MicrosoftAccess access
            || microsoft.Accounts.Find(access.Account) is not OutlookAccount account)
        {
            return GraphError.Unauthenticated(token is null);
        }

        if (microsoft.Traffic.Enter(access.Client.Key, account.Address) is GraphError throttled)
        {
            return throttled;
        }

        try
        {
            if (microsoft.Settings.Latency > TimeSpan.Zero)
            {
                await Task.Delay(microsoft.Settings.Latency, TimeProvider.System, context.RequestAborted);
            }

            return await Admitted(microsoft, method, context, prefers, access, account);
        }
        finally
        {
            microsoft.Traffic.Leave(access.Client.Key, account.Address);
        }
    }

    private static async Task<GraphAnswer> Admitted(
        MicrosoftWorld microsoft, GraphMethod method, HttpContext context, Preferences prefers, MicrosoftAccess access,
        OutlookAccount account)
    {
        string? user = context.Request.RouteValues["user"] as string;
        if (user is not null && user != account.ObjectKey
            && !user.Equals(account.Address, StringComparison.OrdinalIgnoreCase))
        {
            return GraphError.AccessDenied();
        }

        if (method.Scopes.Length > 0 && !method.Scopes.Any(access.Scopes.Contains))
        {
            return GraphError.AccessDenied();
        }

        (JsonObject? body, string? text, GraphError? problem) = await ReadBody(context);
        if (problem is not null)
        {
            return problem;
        }

        var call = new GraphCall(microsoft, access, account, context.Request, prefers, body ?? [], text);
        if (method.RunUnlocked is { } unlocked)
        {
            return await unlocked(call);
        }

        lock (account.Gate)
        {
            account.Mail.Settle();
            return method.Run!(call);
        }
    }

    /// <summary>JSON, or the plain text that MIME letters come as. No body counts as an empty object.</summary>
    private static async Task<(JsonObject? Body, string? Text, GraphError? Problem)> ReadBody(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsPatch(context.Request.Method))
        {
            return ([], null, null);
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (buffer.Length > LargestBody)
        {
            return (null, null, GraphError.TooLarge());
        }

        if (buffer.Length == 0)
        {
            return ([], null, null);
        }

        byte[] bytes = buffer.ToArray();
        if (context.Request.ContentType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true)
        {
            return ([], Encoding.ASCII.GetString(bytes), null);
        }

        try
        {
            return JsonNode.Parse(bytes) is JsonObject body
                ? (body, null, null)
                : (null, null, GraphError.BadRequest("Unable to read JSON request payload."));
        }
        catch (JsonException)
        {
            return (null, null, GraphError.BadRequest("Unable to read JSON request payload."));
        }
    }

    private static async Task Write(HttpContext context, GraphAnswer answer, DateTimeOffset now, Preferences? prefers)
    {
        string request = Names.GuidOf($"request {context.Connection.Id} {context.TraceIdentifier} {now.Ticks}");
        string? clientRequest = context.Request.Headers["client-request-id"].FirstOrDefault();
        context.Response.StatusCode = answer.Status;
        context.Response.Headers["request-id"] = request;
        context.Response.Headers["client-request-id"] = clientRequest ?? request;
        if (prefers is { Applied.Count: > 0 })
        {
            context.Response.Headers["Preference-Applied"] = string.Join(", ", prefers.Applied);
        }

        if (answer.Error is GraphError error)
        {
            if (error.RetryAfter is int seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            if (error.Location is not null)
            {
                context.Response.Headers.Location = error.Location;
            }

            if (error.Status == 401)
            {
                context.Response.Headers.WWWAuthenticate =
                    "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"";
            }
        }

        byte[]? bytes = answer.Bytes
            ?? ((answer.Error?.ToJson(request, clientRequest, now) ?? answer.Body) is JsonObject body
                ? Answers.Bytes(body)
                : null);
        if (bytes is not null)
        {
            context.Response.ContentType = answer.ContentType ?? JsonType;
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
