using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Takes a request through the gates in Google's order: token, mailbox, scope, quota, body. Then runs the method under
/// the mailbox's lock and writes the answer.
/// </summary>
internal static class GmailEndpoints
{
    public const string Root = "/gmail/v1/users/{userId}/";

    private const string Realm = "Bearer realm=\"https://accounts.google.com/\"";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static void MapGmail(this IEndpointRouteBuilder routes, World world)
    {
        foreach (GmailMethod method in GmailMethods.All)
        {
            routes.MapMethods(Root + method.Path, [method.Verb], context => Handle(world, method, context));
        }

        routes.MapGmailBatch(world);
    }

    public static async Task Handle(World world, GmailMethod method, HttpContext context)
    {
        GmailAnswer answer = await Pass(world, method, context);
        context.Response.StatusCode = answer.Error?.Code
            ?? (answer.Body is null ? StatusCodes.Status204NoContent : StatusCodes.Status200OK);
        if (answer.Error is { RefusedMethod: not null })
        {
            context.Response.Headers.WWWAuthenticate =
                $"{Realm}, error=\"insufficient_scope\", scope=\"{string.Join(' ', method.Scopes)}\"";
        }
        else if (answer.Error is { Code: 401 })
        {
            context.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"invalid_token\"";
        }

        if ((answer.Error?.ToJson() ?? answer.Body) is JsonObject body)
        {
            context.Response.ContentType = "application/json; charset=UTF-8";
            await context.Response.Body.WriteAsync(Answers.Bytes(body), context.RequestAborted);
        }
    }

    private static async Task<GmailAnswer> Pass(World world, GmailMethod method, HttpContext context)
    {
        (Mailbox? mailbox, AccessToken? access, GmailError? refusal) = Admit(world, method, context);
        if (mailbox is null || access is null)
        {
            return refusal!;
        }

        string? fields = context.Request.Query["fields"].FirstOrDefault();
        FieldMask? mask = string.IsNullOrEmpty(fields) ? null : FieldMask.Parse(fields);
        if (mask is null && !string.IsNullOrEmpty(fields))
        {
            return GmailError.BadRequest("Invalid field selection " + fields);
        }

        (JsonObject? body, GmailError? problem) = await ReadBody(context);
        if (body is null)
        {
            return problem!;
        }

        GmailAnswer answer;
        lock (mailbox.Gate)
        {
            answer = method.Run(new GmailCall(mailbox, world.Sends, access.Scopes, context.Request, body));
        }

        return answer.Body is not null && mask is not null ? mask.Apply(answer.Body) : answer;
    }

    /// <summary>The mailbox and the grant it is opened with, or why not.</summary>
    private static (Mailbox? Mailbox, AccessToken? Access, GmailError? Refusal) Admit(
        World world, GmailMethod method, HttpContext context)
    {
        if (world.Grants.Check(Bearer.Of(context.Request)) is not AccessToken access
            || world.Mailboxes.Find(access.Account) is not Mailbox mailbox)
        {
            return (null, null, GmailError.Unauthenticated());
        }

        string user = (string)context.Request.RouteValues["userId"]!;
        if (user != "me" && !user.Equals(mailbox.Address, StringComparison.OrdinalIgnoreCase))
        {
            return (null, null, GmailError.Delegation(user));
        }

        if (!method.Scopes.Any(access.Scopes.Contains))
        {
            return (null, null, GmailError.MissingScope("caribou.api.proto.MailboxService." + method.Name));
        }

        return world.Quota.Spend(mailbox.Address, method.Units) is DateTimeOffset until
            ? (null, null, GmailError.UserRateLimit(until))
            : (mailbox, access, null);
    }

    /// <summary>No body counts as an empty object.</summary>
    private static async Task<(JsonObject? Body, GmailError? Problem)> ReadBody(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsPut(context.Request.Method))
        {
            return ([], null);
        }

        using var buffer = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, GmailError.TooLarge());
        }

        if (buffer.Length == 0)
        {
            return ([], null);
        }

        try
        {
            return JsonNode.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), null, Strict) is JsonObject body
                ? (body, null)
                : (null, GmailError.BadRequest("Invalid JSON payload received. Root element must be a message."));
        }
        catch (JsonException)
        {
            return (null, GmailError.BadRequest("Invalid JSON payload received. Parse error."));
        }
    }
}
