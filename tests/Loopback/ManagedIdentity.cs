using System.Globalization;
using System.Text.Json.Serialization;

namespace PracticPro.Loopback;

/// <summary>
/// The token endpoint that App Service puts beside a program with a managed identity: <c>GET
/// {IDENTITY_ENDPOINT}?resource=…&amp;api-version=2019-08-01</c> with the header <c>X-IDENTITY-HEADER</c>. Source: Microsoft
/// Learn, "REST endpoint reference" of managed identities for App Service and Functions.
/// </summary>
internal static class ManagedIdentity
{
    /// <summary>Path of the endpoint.</summary>
    public const string Path = "/msi/token";

    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    /// <summary>Maps the endpoint; a wrong or missing secret is refused, as there.</summary>
    /// <param name="secret">Value of <c>IDENTITY_HEADER</c>.</param>
    public static void Map(WebApplication app, LoopbackTokens tokens, string secret, TimeProvider time) =>
        app.MapGet(Path, (HttpContext context, string? resource) =>
        {
            if (context.Request.Headers["X-IDENTITY-HEADER"] != secret || string.IsNullOrEmpty(resource))
            {
                return Results.Json(new { statusCode = 400, message = "No such identity." }, statusCode: 400);
            }

            var now = time.GetUtcNow();
            return Results.Json(new Answer(
                tokens.Mint(resource.TrimEnd('/'), now, GoodFor),
                (now + GoodFor).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                resource,
                "Bearer"));
        });

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string Token,
        [property: JsonPropertyName("expires_on")] string ExpiresOn,
        [property: JsonPropertyName("resource")] string Resource,
        [property: JsonPropertyName("token_type")] string Kind);
}
