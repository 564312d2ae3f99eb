using Microsoft.AspNetCore.WebUtilities;

namespace PracticPro.Sandbox.OAuth;

/// <summary>
/// A checked authorisation request (RFC 6749 section 4.1.1, PKCE with S256 only). A client or redirect that is not
/// registered is shown to the person and never redirected to.
/// </summary>
internal sealed record AuthorizeRequest(OAuthClient Client, string Redirect, IReadOnlyList<string> Scopes)
{
    public string? State { get; private init; }

    public string? Challenge { get; private init; }

    public string? Nonce { get; private init; }

    public string? LoginHint { get; private init; }

    public bool IsOffline { get; private init; }

    public bool ForcesConsent { get; private init; }

    /// <summary>Reads the fields; on a fault the code and sentence for the error page.</summary>
    public static (AuthorizeRequest? Request, OAuthProblem? Problem) Read(
        Func<string, string?> field, IReadOnlyList<OAuthClient> clients)
    {
        if (clients.FirstOrDefault(known => known.Key == field("client_id")) is not OAuthClient client)
        {
            return (null, OAuthProblem.InvalidClient());
        }

        string? redirect = field("redirect_uri");
        if (!client.Allows(redirect))
        {
            return (null, new OAuthProblem(400, OAuthProblem.RedirectMismatch,
                "The redirect URI is not registered for this client."));
        }

        if (field("response_type") != "code")
        {
            return (null, OAuthProblem.InvalidRequest("Only response_type=code is supported."));
        }

        if (field("code_challenge") is { Length: > 0 } && field("code_challenge_method") != "S256")
        {
            return (null, OAuthProblem.InvalidRequest("Only code_challenge_method=S256 is supported."));
        }

        if (GoogleScopes.Parse(field("scope")) is not { } scopes)
        {
            return (null, new OAuthProblem(400, "invalid_scope", "Some requested scopes were invalid."));
        }

        return (new AuthorizeRequest(client, redirect!, scopes)
        {
            State = field("state"),
            Challenge = field("code_challenge") is { Length: > 0 } challenge ? challenge : null,
            Nonce = field("nonce"),
            LoginHint = field("login_hint"),
            IsOffline = field("access_type") == "offline",
            ForcesConsent = (field("prompt") ?? "").Split(' ').Contains("consent"),
        }, null);
    }

    public string AllowedTo(string code, IEnumerable<string> scopes) => Back(new()
    {
        ["code"] = code,
        ["scope"] = string.Join(' ', scopes),
    });

    public string DeniedTo() => Back(new() { ["error"] = "access_denied" });

    private string Back(Dictionary<string, string?> answer)
    {
        answer["state"] = State;
        return QueryHelpers.AddQueryString(Redirect, answer.Where(pair => pair.Value is not null));
    }
}
