using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Vault;

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

    /// <param name="refreshToken">Opened by the door, into the form.</param>
    public Task<Outcome<Grant>> RefreshAsync(SealedToken refreshToken, CancellationToken cancellation) =>
        TokenAsync([new("grant_type", "refresh_token")], cancellation, new TokenField("refresh_token", refreshToken));

    /// <summary>Gives the grant back. A token that is unknown there is as good as revoked.</summary>
    public async Task<Outcome<Done>> RevokeAsync(SealedToken token, CancellationToken cancellation)
    {
        var request = Post(GoogleServices.Revoke, []) with { FormToken = new TokenField("token", token) };
        var outcome = await door.SendAsync(request, cancellation);
        return outcome.Try(out var answer, out var why)
            ? answer.IsSuccess || answer.Status == HttpStatusCode.BadRequest ? Done.Value : new SyncFailures.ProviderDown()
            : why;
    }

    private async Task<Outcome<Grant>> TokenAsync(
        KeyValuePair<string, string>[] form, CancellationToken cancellation, TokenField? token = null)
    {
        KeyValuePair<string, string>[] whole =
            [.. form, new("client_id", options.GoogleClientId), new("client_secret", options.GoogleClientSecret.Reveal("token exchange"))];
        var request = Post(GoogleServices.Exchange, whole) with { FormToken = token };
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
        finally
        {
            answer.Zero();
        }
    }

    private Outcome<Grant> Granted(EgressAnswer answer)
    {
        var token = JsonSerializer.Deserialize<TokenAnswer>(answer.Body.Span);
        if (token is not { AccessToken.Length: > 0 })
        {
            return new SyncFailures.AnswerMalformed();
        }

        var grant = new Grant(
            new SecretBytes(token.AccessToken),
            token.RefreshToken is { Length: > 0 } refresh ? new SecretBytes(refresh) : null,
            time.GetUtcNow() + TimeSpan.FromSeconds(token.ExpiresInSeconds) - Margin,
            [.. (token.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        CryptographicOperations.ZeroMemory(token.AccessToken);
        CryptographicOperations.ZeroMemory(token.RefreshToken);
        return grant;
    }

    // Only "invalid_grant" says that the grant is dead. Anything else may be a passing trouble and must not cost a connection.
    private static Outcome<Grant> Refused(EgressAnswer answer) =>
        JsonSerializer.Deserialize<ErrorAnswer>(answer.Body.Span)?.Error == "invalid_grant"
            ? new SyncFailures.GrantDead()
            : new SyncFailures.ProviderDown();

    private static EgressRequest Post(ProviderOperation operation, KeyValuePair<string, string>[] form) =>
        new(GoogleServices.Grants, operation)
        {
            BodyType = EgressRequest.Form,
            Body = Encoding.ASCII.GetBytes(Form(form)),
        };

    private static string Form(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token"), JsonConverter(typeof(TokenBytes))] byte[]? AccessToken,
        [property: JsonPropertyName("refresh_token"), JsonConverter(typeof(TokenBytes))] byte[]? RefreshToken,
        [property: JsonPropertyName("expires_in")] int ExpiresInSeconds,
        [property: JsonPropertyName("scope")] string? Scope)
    {
        // It holds tokens.
        public override string ToString() => "***";
    }

    private sealed record ErrorAnswer([property: JsonPropertyName("error")] string? Error);

    /// <summary>Reads a token without it ever being a text, which nobody could zero.</summary>
    private sealed class TokenBytes : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence)
            {
                throw new JsonException("Not a token.");
            }

            var spelled = GC.AllocateArray<byte>(reader.ValueSpan.Length, pinned: true);
            var length = reader.CopyString(spelled);
            var token = spelled[..length];
            CryptographicOperations.ZeroMemory(spelled);
            return token;
        }

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
            throw new NotSupportedException("A token has no JSON form here.");
    }
}

/// <summary>
/// What a token exchange gave: the one place where tokens are held outside of the door, from the provider's answer until they
/// are sealed. Whoever asked for it disposes it. Never printed.
/// </summary>
/// <param name="Refresh">Null when the provider sent none, as on a renewal.</param>
[JsonConverter(typeof(NeverJson<Grant>))]
internal sealed record Grant(
    SecretBytes Access, SecretBytes? Refresh, DateTimeOffset AccessExpiresAt, ImmutableArray<string> Scopes) : IDisposable
{
    /// <summary>The access token for calls to the processor, by reference, while the grant is not disposed.</summary>
    /// <param name="owner">Who asked for the grant.</param>
    public SealedToken AccessFor(Processor processor, TenantId owner) => new JustGranted(Access, processor, owner);

    public void Dispose()
    {
        Access.Dispose();
        Refresh?.Dispose();
    }

    public override string ToString() => "***";

    private sealed class JustGranted(SecretBytes token, Processor processor, TenantId owner) : SealedToken
    {
        public override Processor For => processor;

        public override TenantId Owner => owner;

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation)
        {
            if (token.Length > into.Length)
            {
                return ValueTask.FromResult<Outcome<int>>(new EgressFailures.TokenNotUsable());
            }

            token.Reveal("to send it").CopyTo(into.Span);
            return ValueTask.FromResult<Outcome<int>>(token.Length);
        }
    }
}
