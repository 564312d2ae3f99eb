using System.Security.Cryptography;
using System.Buffers.Text;
using System.Text;

namespace PracticPro.Sandbox.OAuth;

/// <summary>
/// All codes and tokens given out. A code works once and for ten minutes; an access token for 3,599 seconds; a refresh
/// token until it is revoked, unused for six months, or the oldest of more than a hundred for one account and client.
/// Revoking any token ends everything that any client of its project holds for that account. Safe to use in parallel.
/// </summary>
internal sealed class Grants
{
    public static readonly TimeSpan AccessLife = TimeSpan.FromSeconds(3_599);
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UnusedLife = TimeSpan.FromDays(180);
    private const int MostRefreshTokens = 100;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Seeded _made;
    private readonly Dictionary<string, Consent> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccessToken> _access = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, RefreshToken> _refresh = new(StringComparer.Ordinal);
    private readonly HashSet<(OAuthClient Client, string Account)> _consented = [];

    public Grants(long seed, TimeProvider clock)
    {
        _clock = clock;
        _made = new Seeded(seed, "oauth");
    }

    /// <summary>
    /// Writes a code for what was agreed. Only a first consent, or a forced one, gives a refresh token.
    /// </summary>
    public string Agree(AuthorizeRequest request, string account, IReadOnlyList<string> scopes)
    {
        lock (_gate)
        {
            bool first = _consented.Add((request.Client, account));
            bool refreshes = request.IsOffline && (first || request.ForcesConsent);
            string code = "4/0A" + _made.Token(40);
            _codes[code] = new Consent(
                request.Client, account, scopes, request.Redirect, request.Challenge, request.Nonce, refreshes,
                _clock.GetUtcNow() + CodeLife);
            return code;
        }
    }

    /// <summary>
    /// Takes a code out of circulation, good or bad; the verifier must hash to the challenge (RFC 7636).
    /// </summary>
    public (Consent? Consent, string? Problem) Redeem(
        OAuthClient client, string? code, string? redirect, string? verifier)
    {
        lock (_gate)
        {
            if (code is null || !_codes.Remove(code, out Consent? consent) || consent.Client != client
                || consent.ExpiresAt <= _clock.GetUtcNow())
            {
                return (null, "Malformed auth code.");
            }

            if (consent.Redirect != redirect)
            {
                return (null, OAuthProblem.RedirectMismatch);
            }

            bool proven = consent.Challenge is null
                || (verifier is not null && consent.Challenge == ChallengeOf(verifier));
            string problem = verifier is null ? "Missing code verifier." : "Invalid code verifier.";
            return proven ? (consent, null) : (null, problem);
        }
    }

    public string IssueAccess(OAuthClient client, string account, IEnumerable<string> scopes)
    {
        lock (_gate)
        {
            string token = "ya29.a0" + _made.Token(48);
            _access[token] = new AccessToken(client, account, scopes.ToHashSet(), _clock.GetUtcNow() + AccessLife);
            return token;
        }
    }

    public string IssueRefresh(OAuthClient client, string account, IReadOnlyList<string> scopes)
    {
        lock (_gate)
        {
            string token = "1//0e" + _made.Token(40);
            _refresh[token] = new RefreshToken(client, account, scopes, _clock.GetUtcNow());
            string[] live = [.. _refresh.Where(kept => kept.Value.Client == client && kept.Value.Account == account)
                .Select(kept => kept.Key)];
            if (live.Length > MostRefreshTokens)
            {
                _refresh.Remove(live[0]);
            }

            return token;
        }
    }

    /// <summary>The grant behind a refresh token, now freshly used; null when there is none any more.</summary>
    public RefreshToken? Use(OAuthClient client, string? token)
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            if (token is null || !_refresh.TryGetValue(token, out RefreshToken? refresh) || refresh.Client != client
                || refresh.UsedAt + UnusedLife <= now)
            {
                return null;
            }

            _refresh[token] = refresh with { UsedAt = now };
            return refresh;
        }
    }

    /// <summary>The grant behind an access token that is still good, or null.</summary>
    public AccessToken? Check(string? token)
    {
        lock (_gate)
        {
            return token is not null && _access.TryGetValue(token, out AccessToken? access)
                && access.ExpiresAt > _clock.GetUtcNow()
                ? access
                : null;
        }
    }

    /// <summary>False when the token is not known.</summary>
    public bool Revoke(string token)
    {
        lock (_gate)
        {
            if (_access.TryGetValue(token, out AccessToken? access))
            {
                End(access.Account, access.Client.Project);
                return true;
            }

            if (_refresh.TryGetValue(token, out RefreshToken? refresh))
            {
                End(refresh.Account, refresh.Client.Project);
                return true;
            }

            return false;
        }
    }

    /// <summary>
    /// What happens when the person takes the access back in the account's settings, or changes the password.
    /// </summary>
    public void RevokeAccount(string account)
    {
        lock (_gate)
        {
            End(account, null);
        }
    }

    public void ExpireAccess(string? account)
    {
        lock (_gate)
        {
            foreach (string token in _access.Where(kept => account is null || Same(kept.Value.Account, account))
                .Select(kept => kept.Key).ToArray())
            {
                _access.Remove(token);
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _codes.Clear();
            _access.Clear();
            _refresh.Clear();
            _consented.Clear();
        }
    }

    private void End(string account, string? project)
    {
        foreach (string token in _access.Where(kept => Of(kept.Value.Account, kept.Value.Client))
            .Select(kept => kept.Key).ToArray())
        {
            _access.Remove(token);
        }

        foreach (string token in _refresh.Where(kept => Of(kept.Value.Account, kept.Value.Client))
            .Select(kept => kept.Key).ToArray())
        {
            _refresh.Remove(token);
        }

        _consented.RemoveWhere(pair => Of(pair.Account, pair.Client));

        bool Of(string owner, OAuthClient holder) =>
            Same(owner, account) && (project is null || project == holder.Project);
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string ChallengeOf(string verifier) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
