using Microsoft.AspNetCore.WebUtilities;

namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>
/// A checked authorisation request (RFC 6749 section 4.1.1, PKCE with S256 only). A client or redirect that is not
/// registered is shown to the person and never redirected to; other faults go back to the client.
/// </summary>
internal sealed record MicrosoftAuthorizeRequest(MicrosoftClient Client, string Redirect, IReadOnlyList<string> Scopes)
{
    public string? State { get; private init; }

    public string? Challenge { get; private init; }

    public string? Nonce { get; private init; }

    public string? LoginHint { get; private init; }

    /// <summary>prompt=none: no page may be shown.</summary>
    public bool IsSilent { get; private init; }

    public static (MicrosoftAuthorizeRequest? Request, IdentityProblem? Problem) Read(
        Func<string, string?> field, IReadOnlyList<MicrosoftClient> clients)
    {
        if (clients.FirstOrDefault(known => known.Key == field("client_id")) is not MicrosoftClient client)
        {
            return (null, IdentityProblem.UnknownClient());
        }

        string? redirect = field("redirect_uri");
        if (!client.Allows(redirect))
        {
            return (null, new IdentityProblem(400, "invalid_request", 50011,
                "The redirect URI specified in the request does not match the redirect URIs configured."));
        }

        if (field("response_type") != "code")
        {
            return (null, IdentityProblem.Malformed("response_type"));
        }

        if (field("code_challenge") is { Length: > 0 } && field("code_challenge_method") != "S256")
        {
            return (null, new IdentityProblem(400, "invalid_request", 9002325,
                "Only code_challenge_method=S256 is supported."));
        }

        if (MicrosoftScopes.Parse(field("scope")) is not { } scopes)
        {
            return (null, IdentityProblem.BadScope());
        }

        return (new MicrosoftAuthorizeRequest(client, redirect!, scopes)
        {
            State = field("state"),
            Challenge = field("code_challenge") is { Length: > 0 } challenge ? challenge : null,
            Nonce = field("nonce"),
            LoginHint = field("login_hint"),
            IsSilent = field("prompt") == "none",
        }, null);
    }

    /// <summary>The scopes do not stand in the redirect; only the token answer tells what was granted.</summary>
    public string AllowedTo(string code) => Back(new()
    {
        ["code"] = code,
        ["session_state"] = Names.GuidOf("session " + code),
    });

    public string DeniedTo() => Back(new()
    {
        ["error"] = "access_denied",
        ["error_subcode"] = "cancel",
        ["error_description"] = "AADSTS65004: User declined to consent to access the app.",
    });

    public string FailedTo(IdentityProblem problem) => Back(new()
    {
        ["error"] = problem.Error,
        ["error_description"] = problem.Sentence,
    });

    private string Back(Dictionary<string, string?> answer)
    {
        answer["state"] = State;
        return QueryHelpers.AddQueryString(Redirect, answer.Where(pair => pair.Value is not null));
    }
}
