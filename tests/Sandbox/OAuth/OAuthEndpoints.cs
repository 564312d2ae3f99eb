using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.OAuth;

/// <summary>Google's OAuth endpoints: the consent page, token, revoke, and the keys that sign id tokens.</summary>
internal static class OAuthEndpoints
{
    private const string Html = "text/html; charset=utf-8";

    public static void MapOAuth(this IEndpointRouteBuilder routes, World world)
    {
        routes.MapGet("/o/oauth2/v2/auth", (HttpContext context) => Show(world, context));
        routes.MapPost("/o/oauth2/v2/auth", context => Answer(context, Decide(world, context)));
        routes.MapPost("/token", context => Answer(context, Token(world, context)));
        routes.MapPost("/revoke", context => Answer(context, Revoke(world, context)));
        routes.MapGet("/oauth2/v3/certs", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=3600, must-revalidate, no-transform";
            return Answers.Json(world.SigningKeys.PublicSet());
        });
    }

    private static async Task Answer(HttpContext context, Task<IResult> result) =>
        await (await result).ExecuteAsync(context);

    private static IResult Show(World world, HttpContext context)
    {
        (AuthorizeRequest? request, OAuthProblem? problem) = AuthorizeRequest.Read(Field, world.Clients);
        return request is null
            ? Results.Content(ConsentPage.Refusal(problem!), Html, Encoding.UTF8, problem!.Status)
            : Results.Content(ConsentPage.Render(request, Field, world.Mailboxes.Addresses()), Html, Encoding.UTF8);

        string? Field(string name) => context.Request.Query[name].FirstOrDefault();
    }

    private static async Task<IResult> Decide(World world, HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Results.BadRequest();
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        (AuthorizeRequest? request, OAuthProblem? problem) =
            AuthorizeRequest.Read(name => form[name].FirstOrDefault(), world.Clients);
        if (request is null)
        {
            return Results.Content(ConsentPage.Refusal(problem!), Html, Encoding.UTF8, problem!.Status);
        }

        string[] granted = [.. request.Scopes.Where(scope => form["granted"].Contains(scope))];
        string? account = form["account"].FirstOrDefault() ?? request.LoginHint;
        if (form["decision"] != "allow" || granted.Length == 0 || world.Mailboxes.Find(account) is not { } mailbox)
        {
            return Results.Redirect(request.DeniedTo());
        }

        return Results.Redirect(request.AllowedTo(world.Grants.Agree(request, mailbox.Address, granted), granted));
    }

    private static async Task<IResult> Token(World world, HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Fail(OAuthProblem.InvalidRequest("Expected a form."));
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (ClientOf(world, context, form) is not OAuthClient client)
        {
            return Fail(OAuthProblem.InvalidClient());
        }

        world.Statistics.CountExchange(form["grant_type"].FirstOrDefault() ?? "");
        return form["grant_type"].FirstOrDefault() switch
        {
            "authorization_code" => RedeemCode(world, client, form),
            "refresh_token" => Refresh(world, client, form),
            null => Fail(OAuthProblem.InvalidRequest("Missing required parameter: grant_type")),
            _ => Fail(new OAuthProblem(400, "unsupported_grant_type", "Invalid grant_type")),
        };
    }

    private static IResult RedeemCode(World world, OAuthClient client, IFormCollection form)
    {
        (Consent? consent, string? problem) = world.Grants.Redeem(
            client, form["code"].FirstOrDefault(), form["redirect_uri"].FirstOrDefault(),
            form["code_verifier"].FirstOrDefault());
        if (consent is null)
        {
            return Fail(problem == OAuthProblem.RedirectMismatch
                ? new OAuthProblem(400, problem, "Bad Request")
                : OAuthProblem.InvalidGrant(problem!));
        }

        JsonObject answer = AccessAnswer(world, client, consent.Account, consent.Scopes, consent.Nonce);
        if (consent.GivesRefreshToken)
        {
            answer["refresh_token"] = world.Grants.IssueRefresh(client, consent.Account, consent.Scopes);
        }

        return Answers.Json(answer);
    }

    private static IResult Refresh(World world, OAuthClient client, IFormCollection form) =>
        world.Grants.Use(client, form["refresh_token"].FirstOrDefault()) is RefreshToken refresh
            ? Answers.Json(AccessAnswer(world, client, refresh.Account, refresh.Scopes, null))
            : Fail(OAuthProblem.InvalidGrant("Token has been expired or revoked."));

    private static JsonObject AccessAnswer(
        World world, OAuthClient client, string account, IReadOnlyList<string> scopes, string? nonce)
    {
        var answer = new JsonObject
        {
            ["access_token"] = world.Grants.IssueAccess(client, account, scopes),
            ["expires_in"] = (int)Grants.AccessLife.TotalSeconds,
            ["scope"] = string.Join(' ', scopes),
            ["token_type"] = "Bearer",
        };
        if (scopes.Contains(GoogleScopes.OpenId))
        {
            answer["id_token"] = IdToken.Sign(world, client, account, nonce);
        }

        return answer;
    }

    private static async Task<IResult> Revoke(World world, HttpContext context)
    {
        string? token = context.Request.Query["token"].FirstOrDefault();
        if (token is null && context.Request.HasFormContentType)
        {
            token = (await context.Request.ReadFormAsync(context.RequestAborted))["token"].FirstOrDefault();
        }

        return token is not null && world.Grants.Revoke(token)
            ? Answers.Json(new JsonObject())
            : Fail(new OAuthProblem(400, "invalid_token", "Token expired or revoked"));
    }

    /// <summary>Client id and secret, from the form or from Basic authorisation (RFC 6749 section 2.3.1).</summary>
    private static OAuthClient? ClientOf(World world, HttpContext context, IFormCollection form)
    {
        string? key = form["client_id"].FirstOrDefault();
        string? secret = form["client_secret"].FirstOrDefault();
        string? authorization = context.Request.Headers.Authorization;
        if (AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header)
            && header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            byte[] decoded = TransferDecoding.Base64(Encoding.ASCII.GetBytes(header.Parameter ?? ""));
            string[] pair = Encoding.UTF8.GetString(decoded).Split(':', 2);
            key = Uri.UnescapeDataString(pair[0]);
            secret = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : null;
        }

        return world.Clients.FirstOrDefault(client => client.Key == key && client.Secret == secret);
    }

    private static IResult Fail(OAuthProblem problem) => Answers.Json(problem.ToJson(), problem.Status);
}
