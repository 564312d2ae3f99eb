using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>
/// All codes and tokens given out. A code works once and for ten minutes; an access token between 60 and 90 minutes; a
/// refresh token for ninety days, and once it has a successor for <see cref="OldRefreshLife"/> more. Nothing a client
/// can call ends a single grant: only the person or an administrator does. Safe to call from many threads.
/// </summary>
internal sealed class MicrosoftGrants
{
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(90);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Seeded _made;
    private readonly Dictionary<string, MicrosoftConsent> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MicrosoftAccess> _access = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MicrosoftRefresh> _refresh = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _decreed = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Client, string Account)> _consented = [];

    public MicrosoftGrants(long seed, TimeProvider clock)
    {
        _clock = clock;
        _made = new Seeded(seed, "microsoft oauth");
    }

    /// <summary>How long a refresh token goes on working after it was exchanged for the next one.</summary>
    public TimeSpan OldRefreshLife { get; set; } = TimeSpan.FromHours(12);

    public string Agree(MicrosoftAuthorizeRequest request, string account, IReadOnlyList<string> scopes)
    {
        lock (_gate)
        {
            _consented.Add((request.Client.Key, account.ToLowerInvariant()));
            string code = "1.AX" + _made.Token(60);
            _codes[code] = new MicrosoftConsent(
                request.Client, account, _decreed.GetValueOrDefault(account, scopes), request.Redirect,
                request.Challenge, request.Nonce, _clock.GetUtcNow() + CodeLife);
            return code;
        }
    }

    public bool HasConsented(MicrosoftClient client, string account)
    {
        lock (_gate)
        {
            return _consented.Contains((client.Key, account.ToLowerInvariant()));
        }
    }

    /// <summary>What the next consents of this account come to, whatever is ticked: fewer scopes, or more.</summary>
    public void Decree(string account, IReadOnlyList<string>? scopes)
    {
        lock (_gate)
        {
            _decreed.Remove(account);
            if (scopes is not null)
            {
                _decreed.Add(account, scopes);
            }
        }
    }

    public (MicrosoftConsent? Consent, IdentityProblem? Problem) Redeem(
        MicrosoftClient client, string? code, string? redirect, string? verifier)
    {
        lock (_gate)
        {
            if (code is null || !_codes.TryGetValue(code, out MicrosoftConsent? consent)
                || consent.Client.Key != client.Key || consent.ExpiresAt <= _clock.GetUtcNow())
            {
                return (null, IdentityProblem.BadCode());
            }

            if (consent.IsRedeemed)
            {
                return (null, IdentityProblem.CodeRedeemed());
            }

            if (consent.Redirect != redirect)
            {
                return (null, IdentityProblem.WrongRedirect());
            }

            consent.IsRedeemed = true;
            bool proven = consent.Challenge is null
                || (verifier is not null && consent.Challenge == ChallengeOf(verifier));
            return proven ? (consent, null) : (null, IdentityProblem.WrongVerifier());
        }
    }

    /// <summary>The token, and for how many seconds it is good.</summary>
    public (string Token, int Seconds) IssueAccess(MicrosoftClient client, string account, IEnumerable<string> scopes)
    {
        lock (_gate)
        {
            string token = "EwB4" + _made.Token(72);
            int seconds = 3_600 + _made.Below(1_800);
            _access[token] = new MicrosoftAccess(
                client, account, scopes.ToHashSet(), _clock.GetUtcNow().AddSeconds(seconds));
            return (token, seconds);
        }
    }

    public string IssueRefresh(MicrosoftClient client, string account, IReadOnlyList<string> scopes)
    {
        lock (_gate)
        {
            string token = "1.AXEA" + _made.Token(64);
            _refresh[token] = new MicrosoftRefresh(client, account, scopes, _clock.GetUtcNow());
            return token;
        }
    }

    /// <summary>The grant behind a refresh token, which from now on is an old one; or why there is none.</summary>
    public (MicrosoftRefresh? Refresh, IdentityProblem? Problem) Use(MicrosoftClient client, string? token)
    {
        lock (_gate)
        {
            if (token is null || !_refresh.TryGetValue(token, out MicrosoftRefresh? refresh)
                || refresh.Client.Key != client.Key)
            {
                return (null, IdentityProblem.BadToken());
            }

            if (ProblemOf(refresh) is IdentityProblem problem)
            {
                return (null, problem);
            }

            refresh.SucceededAt ??= _clock.GetUtcNow();
            return (refresh, null);
        }
    }

    /// <summary>Whether a refresh token would be exchanged now. Looking at it does not use it.</summary>
    public bool Honours(MicrosoftClient client, string token)
    {
        lock (_gate)
        {
            return _refresh.TryGetValue(token, out MicrosoftRefresh? refresh) && refresh.Client.Key == client.Key
                && ProblemOf(refresh) is null;
        }
    }

    /// <summary>The grant behind an access token that is still good, or null.</summary>
    public MicrosoftAccess? Check(string? token)
    {
        lock (_gate)
        {
            return token is not null && _access.TryGetValue(token, out MicrosoftAccess? access)
                && access.ExpiresAt > _clock.GetUtcNow()
                ? access
                : null;
        }
    }

    /// <summary>
    /// Ends every refresh token of the account. Access tokens already out stay good until they run out by themselves.
    /// </summary>
    public void End(string account, GrantEnd end)
    {
        lock (_gate)
        {
            foreach (MicrosoftRefresh refresh in _refresh.Values.Where(kept => Same(kept.Account, account)))
            {
                refresh.End = end;
            }

            if (end == GrantEnd.ConsentRemoved)
            {
                _consented.RemoveWhere(pair => Same(pair.Account, account));
            }
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
            _decreed.Clear();
            _consented.Clear();
        }
    }

    private IdentityProblem? ProblemOf(MicrosoftRefresh refresh)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return refresh switch
        {
            { End: GrantEnd.PasswordChanged } => IdentityProblem.GrantRevoked(),
            { End: GrantEnd.ConsentRemoved } => IdentityProblem.ConsentNeeded(),
            { End: GrantEnd.SecondFactor } => IdentityProblem.SecondFactorNeeded(),
            { End: GrantEnd.Expired } => IdentityProblem.TokenExpired(),
            _ when refresh.IssuedAt + RefreshLife <= now => IdentityProblem.TokenExpired(),
            _ when refresh.SucceededAt + OldRefreshLife <= now => IdentityProblem.BadToken(),
            _ => null,
        };
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string ChallengeOf(string verifier) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
