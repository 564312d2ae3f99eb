using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// Google's OAuth 2.0 as a confidential client with PKCE: the address of the consent page, and the exchanges behind it.
/// Source: developers.google.com/identity/protocols/oauth2/web-server; RFC 6749, RFC 7636, RFC 7009.
/// </summary>
internal sealed class GoogleGrants(EgressDoor door, SyncOptions options, TimeProvider time)
{
    /// <summary>
    /// The least that reading envelopes and drafting needs (CON-1). There is no draft-only scope at Google: compose can
    /// send, so that nothing is sent without approval is kept by the egress door, not by the scope.
    /// </summary>
    public static readonly ImmutableArray<string> Scopes =
    [
        "https://www.googleapis.com/auth/gmail.readonly",
        "https://www.googleapis.com/auth/gmail.compose",
    ];

    /// <summary>A token is renewed this long before it runs out, so that a call never starts with a dying one.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    /// <summary>False where nobody said who we are at Google: then no mailbox can be connected.</summary>
    public bool IsSetUp => options.GoogleClientId.Length > 0 && options.RedirectUri is not null;

    public static bool HoldsSendScope(IEnumerable<string> scopes) => scopes.Contains(Scopes[1]);

    /// <summary>The address the browser is sent to. Offline access, and consent asked each time, or no refresh token comes back.</summary>
    public Uri ConsentPage(string state, string verifier)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var query = Form(
        [
            new("client_id", options.GoogleClientId),
            new("redirect_uri", options.RedirectUri!.ToString()),
            new("response_type", "code"),
            new("scope", string.Join(' ', Scopes)),
            new("state", state),
            new("access_type", "offline"),
            new("prompt", "consent"),
            new("code_challenge", challenge),
            new("code_challenge_method", "S256"),
        ]);
        return door.AddressOf(GoogleServices.Consent, $"/o/oauth2/v2/auth?{query}");
    }

    public Task<Outcome<Grant>> ExchangeAsync(string code, string verifier, CancellationToken cancellation) =>
        TokenAsync(
        [
            new("grant_type", "authorization_code"),
            new("code", code),
            new("code_verifier", verifier),
            new("redirect_uri", options.RedirectUri!.ToString()),
        ],
        cancellation);

    public Task<Outcome<Grant>> RefreshAsync(string refreshToken, CancellationToken cancellation) =>
        TokenAsync([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)], cancellation);

    /// <summary>Gives the grant back. A token that is unknown there is as good as revoked.</summary>
    public async Task<Outcome<Done>> RevokeAsync(string token, CancellationToken cancellation)
    {
        var outcome = await door.SendAsync(Post(GoogleServices.Revoke, [new("token", token)]), cancellation);
        return outcome.Try(out var answer, out var why)
            ? answer.IsSuccess || answer.Status == HttpStatusCode.BadRequest ? Done.Value : new SyncFailures.ProviderDown()
            : why;
    }

    private async Task<Outcome<Grant>> TokenAsync(KeyValuePair<string, string>[] form, CancellationToken cancellation)
    {
        var request = Post(
            GoogleServices.Exchange,
            [.. form, new("client_id", options.GoogleClientId), new("client_secret", options.GoogleClientSecret.Reveal("token exchange"))]);
        var outcome = await door.SendAsync(request, cancellation);
        if (!outcome.Try(out var answer, out var why))
        {
            return why;
        }

        try
        {
            return answer.IsSuccess ? Granted(answer) : Refused(answer);
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    private Outcome<Grant> Granted(EgressAnswer answer)
    {
        var token = JsonSerializer.Deserialize<TokenAnswer>(answer.Body.Span);
        return token is { AccessToken.Length: > 0 }
            ? new Grant(
                token.AccessToken,
                token.RefreshToken,
                time.GetUtcNow() + TimeSpan.FromSeconds(token.ExpiresInSeconds) - Margin,
                [.. (token.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            : new SyncFailures.AnswerMalformed();
    }

    // Only "invalid_grant" says that the grant is dead. Anything else may be a passing trouble and must not cost a connection.
    private static Outcome<Grant> Refused(EgressAnswer answer) =>
        JsonSerializer.Deserialize<ErrorAnswer>(answer.Body.Span)?.Error == "invalid_grant"
            ? new SyncFailures.GrantDead()
            : new SyncFailures.ProviderDown();

    private static EgressRequest Post(ProviderOperation operation, KeyValuePair<string, string>[] form) =>
        new(GoogleServices.Grants, operation)
        {
            BodyType = "application/x-www-form-urlencoded",
            Body = Encoding.ASCII.GetBytes(Form(form)),
        };

    private static string Form(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] int ExpiresInSeconds,
        [property: JsonPropertyName("scope")] string? Scope)
    {
        // It holds tokens.
        public override string ToString() => "***";
    }

    private sealed record ErrorAnswer([property: JsonPropertyName("error")] string? Error);
}

/// <summary>What a token exchange gave. Never printed: it holds tokens.</summary>
/// <param name="RefreshToken">Null when the provider sent none, as on a renewal.</param>
[JsonConverter(typeof(NeverJson<Grant>))]
internal sealed record Grant(
    string AccessToken, string? RefreshToken, DateTimeOffset AccessExpiresAt, ImmutableArray<string> Scopes)
{
    public override string ToString() => "***";
}
