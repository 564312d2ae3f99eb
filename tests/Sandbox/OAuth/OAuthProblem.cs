using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.OAuth;

/// <summary>
/// An error of the token and revoke endpoints (RFC 6749 section 5.2). Clients match on the code alone.
/// </summary>
internal sealed record OAuthProblem(int Status, string Error, string Description)
{
    public const string RedirectMismatch = "redirect_uri_mismatch";

    public static OAuthProblem InvalidGrant(string description) => new(400, "invalid_grant", description);

    public static OAuthProblem InvalidClient() => new(401, "invalid_client", "The OAuth client was not found.");

    public static OAuthProblem InvalidRequest(string description) => new(400, "invalid_request", description);

    public JsonObject ToJson() => new() { ["error"] = Error, ["error_description"] = Description };
}
