using System.Globalization;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>
/// An error of the identity platform: RFC 6749's two members, and beside them the AADSTS number that alone tells which
/// of many things "invalid_grant" means.
/// </summary>
internal sealed record IdentityProblem(int Status, string Error, int Number, string Message)
{
    public string? Suberror { get; init; }

    /// <summary>Nobody used the refresh token for ninety days.</summary>
    public static IdentityProblem TokenExpired() => new(400, "invalid_grant", 700082,
        "The refresh token has expired due to inactivity. The token was inactive for 90.00:00:00.");

    /// <summary>The password was changed, or all sessions were ended.</summary>
    public static IdentityProblem GrantRevoked() => new(400, "invalid_grant", 50173,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. "
        + "The user might have changed or reset their password.")
    {
        Suberror = "bad_token",
    };

    /// <summary>The person or an administrator took the consent away.</summary>
    public static IdentityProblem ConsentNeeded() => new(400, "invalid_grant", 65001,
        "The user or administrator has not consented to use the application. Send an interactive authorization request "
        + "for this user and resource.")
    {
        Suberror = "consent_required",
    };

    public static IdentityProblem SecondFactorNeeded() => new(400, "interaction_required", 50076,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use "
        + "multi-factor authentication to access the resource.")
    {
        Suberror = "basic_action",
    };

    /// <summary>The app's own secret ran out: no fault of the person, and no reconnect mends it.</summary>
    public static IdentityProblem SecretExpired() => new(401, "invalid_client", 7000222,
        "The provided client secret keys for the app are expired.");

    public static IdentityProblem WrongSecret() => new(401, "invalid_client", 7000215,
        "Invalid client secret provided.");

    public static IdentityProblem UnknownClient() => new(400, "unauthorized_client", 700016,
        "Application was not found in the directory.");

    public static IdentityProblem Unavailable() => new(503, "temporarily_unavailable", 90033,
        "A transient error has occurred. Please try again.");

    public static IdentityProblem BadCode() => new(400, "invalid_grant", 70008,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
        + "authorization request for this user and resource.");

    public static IdentityProblem CodeRedeemed() => new(400, "invalid_grant", 54005,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh "
        + "token.");

    public static IdentityProblem WrongVerifier() => new(400, "invalid_grant", 501481,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.");

    public static IdentityProblem WrongRedirect() => new(400, "invalid_grant", 500112,
        "The reply address does not match the reply address provided when requesting the authorization code.");

    public static IdentityProblem BadToken() => new(400, "invalid_grant", 9002313,
        "Invalid request. Request is malformed or invalid.");

    public static IdentityProblem Malformed(string parameter) => new(400, "invalid_request", 900144,
        $"The request body must contain the following parameter: '{parameter}'.");

    public static IdentityProblem BadScope() => new(400, "invalid_scope", 70011,
        "The provided value for the input parameter 'scope' is not valid.");

    /// <summary>By name or by number, for injected errors; null when neither is known.</summary>
    public static IdentityProblem? Named(string reason) => reason switch
    {
        "700082" or "invalid_grant" => TokenExpired(),
        "50173" => GrantRevoked(),
        "65001" or "consent_required" => ConsentNeeded(),
        "50076" or "interaction_required" => SecondFactorNeeded(),
        "7000222" or "invalid_client" => SecretExpired(),
        "7000215" => WrongSecret(),
        "temporarily_unavailable" or "90033" or "backendError" => Unavailable(),
        _ => null,
    };

    public JsonObject ToJson(DateTimeOffset now)
    {
        string timestamp = now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string trace = Names.GuidOf($"trace {Number} {now.Ticks}");
        string correlation = Names.GuidOf($"correlation {Number} {now.Ticks}");
        var json = new JsonObject
        {
            ["error"] = Error,
            ["error_description"] = $"{Sentence} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}",
            ["error_codes"] = new JsonArray(Number),
            ["timestamp"] = timestamp,
            ["trace_id"] = trace,
            ["correlation_id"] = correlation,
            ["error_uri"] = $"https://login.microsoftonline.com/error?code={Number}",
        };
        if (Suberror is not null)
        {
            json["suberror"] = Suberror;
        }

        return json;
    }

    public string Sentence => $"AADSTS{Number}: {Message}";
}
