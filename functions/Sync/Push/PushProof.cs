using System.Collections.Concurrent;
using System.Security.Cryptography;
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
    private const int MostRemembered = 64;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeysGoodFor = TimeSpan.FromHours(1);

    // Unknown key ids ask for fresh keys, but not more often than this: forged tokens must not make us call out.
    private static readonly TimeSpan KeysRestFor = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim fetching = new(1, 1);
    private volatile FetchedKeys? fetched;

    // By their SHA-256. Google signs one token and sends it with many pushes, for up to an hour.
    private readonly ConcurrentDictionary<string, GoodToken> good = new(StringComparer.Ordinal);
    private readonly JsonWebTokenHandler handler = new();

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
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (IsStillGood(digest))
        {
            return Done.Value;
        }

        if (Read(token) is not { Alg: "RS256" } read)
        {
            return new SyncFailures.PushUnproven();
        }

        var keys = await KeysForAsync(read.Kid, cancellation);
        if (!keys.Try(out var signingKeys, out var why))
        {
            return why;
        }

        var result = await handler.ValidateTokenAsync(read, Demands(signingKeys.Keys));
        if (!result.IsValid || !IsOurAccount(read))
        {
            return new SyncFailures.PushUnproven();
        }

        Remember(digest, new GoodToken(signingKeys, read.ValidFrom, read.ValidTo));
        return Done.Value;
    }

    /// <summary>Checked before by keys that still decide, and not past its time.</summary>
    private bool IsStillGood(string digest)
    {
        var now = time.GetUtcNow();
        return good.TryGetValue(digest, out var known)
            && known.By == fetched
            && known.By.AreFresh(now)
            && IsInTime(known.From, known.Until, now);
    }

    private void Remember(string digest, GoodToken token)
    {
        if (good.Count >= MostRemembered)
        {
            good.Clear();
        }

        good[digest] = token;
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
        LifetimeValidator = (from, until, _, _) => until is not null && IsInTime(from, until.Value, time.GetUtcNow()),
    };

    /// <param name="from">UTC; null or the least there is: from ever.</param>
    private static bool IsInTime(DateTime? from, DateTime until, DateTimeOffset now) =>
        now < new DateTimeOffset(until, TimeSpan.Zero) + Skew
        && (from is null || from == DateTime.MinValue || now > new DateTimeOffset(from.Value, TimeSpan.Zero) - Skew);

    private bool IsOurAccount(JsonWebToken token) =>
        token.TryGetPayloadValue("email", out string? email)
        && email is not null
        && email.Equals(options.PushServiceAccount, StringComparison.OrdinalIgnoreCase)
        && token.TryGetPayloadValue("email_verified", out bool verified)
        && verified;

    private async Task<Outcome<FetchedKeys>> KeysForAsync(string? keyId, CancellationToken cancellation)
    {
        if (fetched is { } known && known.Serve(keyId, time.GetUtcNow()))
        {
            return known;
        }

        await fetching.WaitAsync(cancellation);
        try
        {
            if (fetched is { } meanwhile && meanwhile.Serve(keyId, time.GetUtcNow()))
            {
                return meanwhile;
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
            var fresh = new FetchedKeys([.. keys], time.GetUtcNow());
            fetched = fresh;
            return fresh;
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

    /// <param name="From">UTC, as <paramref name="Until"/>.</param>
    private sealed record GoodToken(FetchedKeys By, DateTime From, DateTime Until);

    private sealed class FetchedKeys(IReadOnlyList<SecurityKey> keys, DateTimeOffset at)
    {
        public IReadOnlyList<SecurityKey> Keys => keys;

        public bool AreFresh(DateTimeOffset now) => now - at < KeysGoodFor;

        /// <summary>True when these keys may decide about a token: the id is among them, or they are too young to ask again.</summary>
        public bool Serve(string? keyId, DateTimeOffset now) =>
            AreFresh(now) && (keys.Any(key => key.KeyId == keyId) || now - at < KeysRestFor);
    }
}
