using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Push;

/// <summary>
/// Verifies the signed token of a Pub/Sub push before anything in its body is read (CON-4). Anybody can have Google sign
/// a token for any audience: so besides signature, issuer, audience and time, the token must name our own service
/// account. Source: Google Cloud, "Authenticate Pub/Sub push subscriptions"; RFC 7519, RFC 7517.
/// </summary>
internal sealed class PushProof(EgressDoor door, SyncOptions options, TimeProvider time)
{
    private static readonly string[] Issuers = ["https://accounts.google.com", "accounts.google.com"];
    private const int LongestToken = 8_192;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeysGoodFor = TimeSpan.FromHours(1);

    // Unknown key ids ask for fresh keys, but not more often than this: forged tokens must not make us call out.
    private static readonly TimeSpan KeysRestFor = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim fetching = new(1, 1);
    private volatile FetchedKeys? fetched;

    /// <summary>True only for a push signed by our own push account for us, now.</summary>
    public async Task<Outcome<Done>> CheckAsync(string? authorization, CancellationToken cancellation)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.Ordinal)
            || options.PushAudience.Length == 0)
        {
            return new SyncFailures.PushUnproven();
        }

        var token = authorization[Scheme.Length..];
        if (Read(token) is not { Alg: "RS256" } read)
        {
            return new SyncFailures.PushUnproven();
        }

        var keys = await KeysForAsync(read.Kid, cancellation);
        if (!keys.Try(out var signingKeys, out var why))
        {
            return why;
        }

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, Demands(signingKeys));
        return result.IsValid && IsOurAccount((JsonWebToken)result.SecurityToken)
            ? Done.Value
            : new SyncFailures.PushUnproven();
    }

    /// <summary>The token's parts, not yet believed; null for what is no token.</summary>
    private static JsonWebToken? Read(string token)
    {
        try
        {
            return token.Length <= LongestToken ? new JsonWebToken(token) : null;
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private TokenValidationParameters Demands(IEnumerable<SecurityKey> keys) => new()
    {
        ValidIssuers = Issuers,
        ValidAudience = options.PushAudience,
        ValidAlgorithms = ["RS256"],
        IssuerSigningKeys = keys,
        // A token that names no key of Google's is not tried on all of them.
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = (from, until, _, _) =>
            until is not null
            && time.GetUtcNow() < new DateTimeOffset(until.Value, TimeSpan.Zero) + Skew
            && (from is null || time.GetUtcNow() > new DateTimeOffset(from.Value, TimeSpan.Zero) - Skew),
    };

    private bool IsOurAccount(JsonWebToken token) =>
        token.TryGetPayloadValue("email", out string? email)
        && email is not null
        && email.Equals(options.PushServiceAccount, StringComparison.OrdinalIgnoreCase)
        && token.TryGetPayloadValue("email_verified", out bool verified)
        && verified;

    private async Task<Outcome<IReadOnlyList<SecurityKey>>> KeysForAsync(string? keyId, CancellationToken cancellation)
    {
        if (fetched is { } known && known.Serve(keyId, time.GetUtcNow()))
        {
            return new(known.Keys);
        }

        await fetching.WaitAsync(cancellation);
        try
        {
            if (fetched is { } meanwhile && meanwhile.Serve(keyId, time.GetUtcNow()))
            {
                return new(meanwhile.Keys);
            }

            var outcome = await door.SendAsync(new EgressRequest(GoogleServices.Keys, GoogleServices.SigningKeys), cancellation);
            if (!outcome.Try(out var answer, out var why))
            {
                return why;
            }

            if (!answer.IsSuccess)
            {
                return new SyncFailures.ProviderDown();
            }

            var keys = new JsonWebKeySet(Encoding.UTF8.GetString(answer.Body.Span)).GetSigningKeys();
            fetched = new FetchedKeys([.. keys], time.GetUtcNow());
            return new(fetched.Keys);
        }
        catch (ArgumentException)
        {
            return new SyncFailures.AnswerMalformed();
        }
        finally
        {
            fetching.Release();
        }
    }

    private sealed record FetchedKeys(IReadOnlyList<SecurityKey> Keys, DateTimeOffset At)
    {
        /// <summary>True when these keys may decide about a token: the id is among them, or they are too young to ask again.</summary>
        public bool Serve(string? keyId, DateTimeOffset now) =>
            now - At < KeysGoodFor && (Keys.Any(key => key.KeyId == keyId) || now - At < KeysRestFor);
    }
}
