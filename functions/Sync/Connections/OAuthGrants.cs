using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connectors;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// OAuth 2.0 as a confidential client with PKCE, over a connector's <see cref="OAuthTerms"/>: the address of the consent
/// page, and the exchanges behind it. Source: RFC 6749, RFC 7636, RFC 7009.
/// </summary>
internal sealed class OAuthGrants(EgressDoor door, SyncOptions options, SyncMeter meter, TimeProvider time)
{
    /// <summary>A token is renewed this long before it runs out, so that a call never starts with a dying one.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>A token that names no end (RFC 6749, 5.1: <c>expires_in</c> is recommended only).</summary>
    private const int DefaultSeconds = 600;

    /// <summary>False where nobody said who we are at the provider: then nothing can be connected there.</summary>
    public bool IsSetUp(IConnector connector) => ClientOf(connector).IsSetUp;

    public Uri RedirectOf(IConnector connector) => ClientOf(connector).RedirectUri!;

    /// <summary>Where notifications are to go; null where nobody said so, and polling alone keeps in step.</summary>
    public Uri? WebhookAddressOf(IConnector connector) => options.WebhookAddressOf(connector.Provider);

    /// <summary>The address the browser is sent to.</summary>
    public Uri ConsentPage(IConnector connector, string state, string verifier)
    {
        var (terms, client) = (connector.Terms, ClientOf(connector));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var query = Form(
        [
            new("client_id", client.Id),
            new("redirect_uri", client.RedirectUri!.ToString()),
            new("response_type", "code"),
            new("scope", string.Join(' ', terms.Scopes.Asked)),
            new("state", state),
            .. terms.ConsentQuery,
            new("code_challenge", challenge),
            new("code_challenge_method", "S256"),
        ]);
        return door.AddressOf(terms.Consent, $"{terms.ConsentPath}?{query}");
    }

    /// <param name="redirect">The address the attempt was begun with: the provider compares.</param>
    public Task<Outcome<Grant>> ExchangeAsync(
        IConnector connector, Uri redirect, string code, string verifier, CancellationToken cancellation) =>
        TokenAsync(
            connector,
            [
                new("grant_type", "authorization_code"),
                new("code", code),
                new("code_verifier", verifier),
                new("redirect_uri", redirect.ToString()),
            ],
            token: null,
            cancellation);

    /// <param name="refreshToken">Opened by the door, into the form.</param>
    public async Task<Outcome<Grant>> RefreshAsync(
        IConnector connector, SealedToken refreshToken, CancellationToken cancellation)
    {
        var outcome = await TokenAsync(
            connector, [new("grant_type", "refresh_token")], new TokenField("refresh_token", refreshToken), cancellation);
        meter.Renewed(connector.Provider.Text, outcome.Failure?.Code ?? "renewed");
        return outcome;
    }

    /// <summary>Gives the grant back. A token that is unknown there is as good as revoked.</summary>
    /// <exception cref="InvalidOperationException">The provider has no such call.</exception>
    public async Task<Outcome<Done>> RevokeAsync(IConnector connector, SealedToken token, CancellationToken cancellation)
    {
        var revocation = connector.Terms.Revocation ?? throw new InvalidOperationException("Nothing can be given back there.");
        var request = new EgressRequest(revocation.At, revocation.Operation)
        {
            BodyType = revocation.AsJson ? "application/json" : EgressRequest.Form,
            FormToken = new TokenField("token", token),
            Client = BasicOf(connector),
            Headers = [new("Accept", "application/json")],
        };
        var outcome = await door.SendAsync(request, cancellation);
        return outcome.Try(out var answer, out var why)
            ? answer.IsSuccess || answer.Status == HttpStatusCode.BadRequest ? Done.Value : new SyncFailures.ProviderDown()
            : why;
    }

    private ProviderClient ClientOf(IConnector connector) =>
        options.ClientOf(connector.Provider, isGoogle: connector.Terms.Consent == GoogleServices.Consent);

    private BasicClient? BasicOf(IConnector connector) => connector.Terms.Client == ClientProof.Basic
        ? new BasicClient(ClientOf(connector).Id, ClientOf(connector).Secret)
        : null;

    private async Task<Outcome<Grant>> TokenAsync(
        IConnector connector, KeyValuePair<string, string>[] form, TokenField? token, CancellationToken cancellation)
    {
        var (terms, client) = (connector.Terms, ClientOf(connector));
        KeyValuePair<string, string>[] whole = terms.Client == ClientProof.Form
            ? [.. form, new("client_id", client.Id), new("client_secret", client.Secret.Reveal("token exchange"))]
            : form;
        var request = new EgressRequest(terms.ExchangeAt, terms.Exchange)
        {
            BodyType = EgressRequest.Form,
            Body = Encoding.ASCII.GetBytes(Form(whole)),
            FormToken = token,
            Client = BasicOf(connector),
            Headers = [new("Accept", "application/json")],
        };
        var outcome = await door.SendAsync(request, cancellation);
        if (!outcome.Try(out var answer, out var why))
        {
            return why;
        }

        try
        {
            return answer.IsSuccess ? Granted(terms, answer) : Refused(terms, answer);
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

    private Outcome<Grant> Granted(OAuthTerms terms, EgressAnswer answer)
    {
        var token = JsonSerializer.Deserialize<TokenAnswer>(answer.Body.Span);
        if (token is not { AccessToken.Length: > 0 })
        {
            return new SyncFailures.AnswerMalformed();
        }

        var grant = new Grant(
            new SecretBytes(token.AccessToken),
            token.RefreshToken is { Length: > 0 } refresh ? new SecretBytes(refresh) : null,
            time.GetUtcNow() + TimeSpan.FromSeconds(token.ExpiresInSeconds ?? DefaultSeconds) - Margin,
            terms.Scopes.NamedIn(token.Scope));
        CryptographicOperations.ZeroMemory(token.AccessToken);
        CryptographicOperations.ZeroMemory(token.RefreshToken);
        return grant;
    }

    // Whatever is not said to be the end may be a passing trouble and must not cost a connection.
    private static Outcome<Grant> Refused(OAuthTerms terms, EgressAnswer answer)
    {
        if (answer.Status == HttpStatusCode.TooManyRequests)
        {
            var wait = answer.RetryAfter ?? DefaultWait;
            return new SyncFailures.RateLimited(wait < LongestWait ? wait : LongestWait);
        }

        if ((int)answer.Status >= 500 || answer.Body.IsEmpty)
        {
            return new SyncFailures.ProviderDown();
        }

        using var error = JsonDocument.Parse(answer.Body);
        return terms.SaysOurFault(error.RootElement) ? new SyncFailures.ClientRefused()
            : terms.SaysDead(error.RootElement) ? new SyncFailures.GrantDead()
            : new SyncFailures.ProviderDown();
    }

    private static string Form(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token"), JsonConverter(typeof(TokenBytes))] byte[]? AccessToken,
        [property: JsonPropertyName("refresh_token"), JsonConverter(typeof(TokenBytes))] byte[]? RefreshToken,
        [property: JsonPropertyName("expires_in")] int? ExpiresInSeconds,
        [property: JsonPropertyName("scope")] string? Scope)
    {
        // It holds tokens.
        public override string ToString() => "***";
    }

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
