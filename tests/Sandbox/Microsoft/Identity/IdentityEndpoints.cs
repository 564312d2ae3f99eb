using System.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>
/// The Microsoft identity platform, version 2.0: the consent page, the token endpoint, and the keys that sign id
/// tokens. There is no endpoint that revokes one grant.
/// </summary>
internal static class IdentityEndpoints
{
    private const string Html = "text/html; charset=utf-8";

    private static readonly string[] Directories = ["common", "organizations", "consumers", Names.Tenant];

    public static void MapMicrosoftIdentity(this IEndpointRouteBuilder routes, World world)
    {
        foreach (string directory in Directories)
        {
            routes.MapGet($"/{directory}/oauth2/v2.0/authorize", (HttpContext context) => Show(world, context));
            routes.MapPost($"/{directory}/oauth2/v2.0/authorize", context => Answer(context, Decide(world, context)));
            routes.MapPost($"/{directory}/oauth2/v2.0/token", context => Answer(context, Token(world, context)));
            routes.MapGet($"/{directory}/discovery/v2.0/keys", () => Answers.Json(world.SigningKeys.PublicSet()));
        }
    }

    private static async Task Answer(HttpContext context, Task<IResult> result) =>
        await (await result).ExecuteAsync(context);

    private static IResult Show(World world, HttpContext context)
    {
        MicrosoftWorld microsoft = world.Microsoft;
        (MicrosoftAuthorizeRequest? request, IdentityProblem? problem) =
            MicrosoftAuthorizeRequest.Read(Field, microsoft.Clients);
        if (request is null)
        {
            return Results.Content(MicrosoftConsentPage.Refusal(problem!), Html, Encoding.UTF8, problem!.Status);
        }

        return request.IsSilent
            ? Results.Redirect(Silently(microsoft, request))
            : Results.Content(
                MicrosoftConsentPage.Render(request, Field, microsoft.Accounts.Addresses()), Html, Encoding.UTF8);

        string? Field(string name) => context.Request.Query[name].FirstOrDefault();
    }

    private static string Silently(MicrosoftWorld microsoft, MicrosoftAuthorizeRequest request)
    {
        if (microsoft.Accounts.Find(request.LoginHint) is not { } account)
        {
            return request.FailedTo(new IdentityProblem(400, "login_required", 50058,
                "A silent sign-in request was sent but no user is signed in."));
        }

        return microsoft.Grants.HasConsented(request.Client, account.Address)
            ? request.AllowedTo(microsoft.Grants.Agree(request, account.Address, request.Scopes))
            : request.FailedTo(IdentityProblem.ConsentNeeded() with { Error = "consent_required" });
    }

    private static async Task<IResult> Decide(World world, HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Results.BadRequest();
        }

        MicrosoftWorld microsoft = world.Microsoft;
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        (MicrosoftAuthorizeRequest? request, IdentityProblem? problem) =
            MicrosoftAuthorizeRequest.Read(name => form[name].FirstOrDefault(), microsoft.Clients);
        if (request is null)
        {
            return Results.Content(MicrosoftConsentPage.Refusal(problem!), Html, Encoding.UTF8, problem!.Status);
        }

        string[] granted = [.. request.Scopes.Where(scope => form["granted"].Contains(scope))];
        string? chosen = form["account"].FirstOrDefault() ?? request.LoginHint;
        return form["decision"] == "allow" && granted.Length > 0 && microsoft.Accounts.Find(chosen) is { } account
            ? Results.Redirect(request.AllowedTo(microsoft.Grants.Agree(request, account.Address, granted)))
            : Results.Redirect(request.DeniedTo());
    }

    private static async Task<IResult> Token(World world, HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Fail(world, IdentityProblem.Malformed("grant_type"));
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        MicrosoftClient? client = world.Microsoft.Clients.FirstOrDefault(
            known => known.Key == form["client_id"].FirstOrDefault());
        IdentityProblem? refusal = client switch
        {
            null => IdentityProblem.UnknownClient(),
            { SecretIsExpired: true } => IdentityProblem.SecretExpired(),
            _ when client.Secret != form["client_secret"].FirstOrDefault() => IdentityProblem.WrongSecret(),
            _ => null,
        };
        if (client is null || refusal is not null)
        {
            return Fail(world, refusal!);
        }

        world.Statistics.CountExchange("microsoft " + form["grant_type"].FirstOrDefault());
        return form["grant_type"].FirstOrDefault() switch
        {
            "authorization_code" => RedeemCode(world, client, form),
            "refresh_token" => Refresh(world, client, form),
            null => Fail(world, IdentityProblem.Malformed("grant_type")),
            _ => Fail(world, new IdentityProblem(400, "unsupported_grant_type", 70003,
                "The app requested an unsupported grant type.")),
        };
    }

    private static IResult RedeemCode(World world, MicrosoftClient client, IFormCollection form)
    {
        (MicrosoftConsent? consent, IdentityProblem? problem) = world.Microsoft.Grants.Redeem(
            client, form["code"].FirstOrDefault(), form["redirect_uri"].FirstOrDefault(),
            form["code_verifier"].FirstOrDefault());
        return consent is null
            ? Fail(world, problem!)
            : Tokens(world, client, consent.Account, consent.Scopes, consent.Nonce);
    }

    private static IResult Refresh(World world, MicrosoftClient client, IFormCollection form)
    {
        (MicrosoftRefresh? refresh, IdentityProblem? problem) =
            world.Microsoft.Grants.Use(client, form["refresh_token"].FirstOrDefault());
        if (refresh is null)
        {
            return Fail(world, problem!);
        }

        string? asked = form["scope"].FirstOrDefault();
        IReadOnlyList<string>? scopes = string.IsNullOrEmpty(asked) ? refresh.Scopes : MicrosoftScopes.Parse(asked);
        if (scopes is null)
        {
            return Fail(world, IdentityProblem.BadScope());
        }

        return scopes.All(refresh.Scopes.Contains)
            ? Tokens(world, client, refresh.Account, refresh.Scopes, null)
            : Fail(world, IdentityProblem.ConsentNeeded());
    }

    private static IResult Tokens(
        World world, MicrosoftClient client, string account, IReadOnlyList<string> scopes, string? nonce)
    {
        (string access, int seconds) = world.Microsoft.Grants.IssueAccess(client, account, scopes);
        var answer = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["scope"] = MicrosoftScopes.Echo(scopes, world.Microsoft.Settings.EchoesScopesInFull),
            ["expires_in"] = seconds,
            ["ext_expires_in"] = seconds,
            ["access_token"] = access,
        };
        if (scopes.Contains(MicrosoftScopes.Offline))
        {
            answer["refresh_token"] = world.Microsoft.Grants.IssueRefresh(client, account, scopes);
        }

        if (scopes.Contains(MicrosoftScopes.OpenId))
        {
            answer["id_token"] = MicrosoftIdToken.Sign(world, client, account, nonce, seconds);
        }

        return Answers.Json(answer);
    }

    private static IResult Fail(World world, IdentityProblem problem) =>
        Answers.Json(problem.ToJson(world.Clock.GetUtcNow()), problem.Status);
}
