using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Intuit's OAuth endpoints: the page on which a person picks the company, token, revoke. The company's id comes back in
/// the redirect and nowhere else; the token answer names no scope. A client proves itself by Basic authorisation only.
/// </summary>
internal static class IntuitOAuthEndpoints
{
    public const string Scope = "com.intuit.quickbooks.accounting";

    private const string Html = "text/html; charset=utf-8";

    private static readonly string[] KnownScopes =
        [Scope, "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address"];

    private static readonly string[] Carried = ["client_id", "redirect_uri", "response_type", "scope", "state"];

    public static void MapIntuitOAuth(this IEndpointRouteBuilder routes, World world)
    {
        routes.MapGet("/connect/oauth2", (HttpContext context) => Show(world, context));
        routes.MapPost("/connect/oauth2", context => Answer(context, Decide(world, context)));
        routes.MapPost("/oauth2/v1/tokens/bearer", context => Answer(context, Token(world, context)));
        routes.MapPost("/v2/oauth2/tokens/revoke", context => Answer(context, Revoke(world, context)));
    }

    private static async Task Answer(HttpContext context, Task<IResult> result)
    {
        context.Response.Headers["intuit_tid"] = "1-" + context.TraceIdentifier;
        await (await result).ExecuteAsync(context);
    }

    private static IResult Show(World world, HttpContext context)
    {
        string? Field(string name) => context.Request.Query[name].FirstOrDefault();
        if (Check(world, Field) is OAuthProblem problem)
        {
            return Results.Content(ConsentPage.Refusal(problem), Html, Encoding.UTF8, problem.Status);
        }

        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
            + "<title>Sign in to Intuit (sandbox)</title><main><h1>Connect your company</h1><form method=\"post\">");
        foreach (string name in Carried)
        {
            page.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{Text(Field(name) ?? "")}\">");
        }

        page.Append("<p><label>Company <select name=\"company\">");
        foreach (Company company in world.QuickBooks.Companies)
        {
            page.Append($"<option value=\"{company.Realm}\">{Text(company.Name)}</option>");
        }

        page.Append("</select></label></p><p>").Append(Text(Field("scope") ?? ""))
            .Append("</p><p><button name=\"decision\" value=\"allow\">Connect</button> ")
            .Append("<button name=\"decision\" value=\"deny\">No, thanks</button></p></form></main></html>");
        return Results.Content(page.ToString(), Html, Encoding.UTF8);
    }

    private static async Task<IResult> Decide(World world, HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Results.BadRequest();
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? Field(string name) => form[name].FirstOrDefault();
        if (Check(world, Field) is OAuthProblem problem)
        {
            return Results.Content(ConsentPage.Refusal(problem), Html, Encoding.UTF8, problem.Status);
        }

        string redirect = Field("redirect_uri")!;
        var back = new Dictionary<string, string?> { ["state"] = Field("state") };
        if (Field("decision") == "allow" && world.QuickBooks.Find(Field("company")) is Company company)
        {
            OAuthClient client = world.QuickBooks.ClientOf(Field("client_id"))!;
            back["code"] = world.QuickBooks.Grants.Agree(client, company.Realm, redirect);
            back["realmId"] = company.Realm;
        }
        else
        {
            back["error"] = "access_denied";
        }

        return Results.Redirect(QueryHelpers.AddQueryString(redirect, back.Where(pair => pair.Value is not null)));
    }

    private static OAuthProblem? Check(World world, Func<string, string?> field)
    {
        string[] scopes = (field("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return world.QuickBooks.ClientOf(field("client_id")) is not OAuthClient client ? OAuthProblem.InvalidClient()
            : !client.Allows(field("redirect_uri")) ? OAuthProblem.InvalidRequest("The redirect_uri query parameter value is invalid.")
            : field("response_type") != "code" ? OAuthProblem.InvalidRequest("Only response_type=code is supported.")
            : string.IsNullOrEmpty(field("state")) ? OAuthProblem.InvalidRequest("The state query parameter is missing.")
            : scopes.Length == 0 || scopes.Except(KnownScopes).Any()
                ? new OAuthProblem(400, "invalid_scope", "The scope query parameter value is invalid.")
                : null;
    }

    private static async Task<IResult> Token(World world, HttpContext context)
    {
        if (ClientOf(world, context) is not OAuthClient client)
        {
            return Fail(OAuthProblem.InvalidClient());
        }

        if (!context.Request.HasFormContentType)
        {
            return Fail(OAuthProblem.InvalidRequest("Expected a form."));
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string? grant = form["grant_type"].FirstOrDefault();
        world.Statistics.CountExchange("intuit " + grant);
        IntuitGrants grants = world.QuickBooks.Grants;
        return grant switch
        {
            "authorization_code" => Give(
                context, grants.Redeem(client, form["code"].FirstOrDefault(), form["redirect_uri"].FirstOrDefault()),
                "Invalid authorization code"),
            "refresh_token" => Give(
                context, grants.Refresh(client, form["refresh_token"].FirstOrDefault()),
                "Incorrect or invalid refresh token"),
            null => Fail(OAuthProblem.InvalidRequest("Missing required parameter: grant_type")),
            _ => Fail(new OAuthProblem(400, "unsupported_grant_type", "Unsupported grant_type")),
        };
    }

    private static IResult Give(HttpContext context, IntuitTokens? tokens, string problem)
    {
        if (tokens is null)
        {
            return Fail(OAuthProblem.InvalidGrant(problem));
        }

        var answer = new JsonObject
        {
            ["token_type"] = "bearer",
            ["access_token"] = tokens.Access,
            ["expires_in"] = (int)IntuitGrants.AccessLife.TotalSeconds,
            ["refresh_token"] = tokens.Refresh,
            ["x_refresh_token_expires_in"] = (long)tokens.RefreshLife.TotalSeconds,
        };
        if (context.Request.Headers["x-include-refresh-token-hard-expires-in"] == "true")
        {
            answer["x_refresh_token_hard_expires_in"] = (long)tokens.HardLife.TotalSeconds;
        }

        return Answers.Json(answer);
    }

    private static async Task<IResult> Revoke(World world, HttpContext context)
    {
        if (ClientOf(world, context) is not OAuthClient client)
        {
            return Fail(OAuthProblem.InvalidClient());
        }

        try
        {
            JsonNode? body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return body is JsonObject wish && wish["token"] is JsonValue token
                && world.QuickBooks.Grants.Revoke(client, token.ToString())
                ? Results.Ok()
                : Fail(new OAuthProblem(400, "invalid_request", "Token is not valid"));
        }
        catch (JsonException)
        {
            return Fail(OAuthProblem.InvalidRequest("Expected JSON."));
        }
    }

    private static OAuthClient? ClientOf(World world, HttpContext context)
    {
        string? authorization = context.Request.Headers.Authorization;
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] decoded = TransferDecoding.Base64(Encoding.ASCII.GetBytes(header.Parameter ?? ""));
        string[] pair = Encoding.UTF8.GetString(decoded).Split(':', 2);
        return pair.Length == 2 && world.QuickBooks.ClientOf(pair[0]) is OAuthClient client && client.Secret == pair[1]
            ? client
            : null;
    }

    private static IResult Fail(OAuthProblem problem) => Answers.Json(problem.ToJson(), problem.Status);

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
