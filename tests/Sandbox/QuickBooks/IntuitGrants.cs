using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// All codes and tokens of Intuit. An access token lives an hour; a refresh token a hundred days from its making and
/// never past five years from the consent. Each refresh gives a new refresh token and ends the old one. Who refreshes
/// with the old one while the new one is young was racing itself: both tokens are then dead, and so is the grant.
/// Safe to call from many threads.
/// </summary>
internal sealed class IntuitGrants
{
    public static readonly TimeSpan AccessLife = TimeSpan.FromHours(1);
    public static readonly TimeSpan RefreshLife = TimeSpan.FromSeconds(8_640_000);
    public static readonly TimeSpan HardLife = TimeSpan.FromSeconds(157_680_000);
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Seeded _made;
    private readonly Dictionary<string, IntuitConsent> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (IntuitGrant Grant, DateTimeOffset ExpiresAt)> _access = new(StringComparer.Ordinal);
    private readonly List<IntuitGrant> _grants = [];

    public IntuitGrants(long seed, TimeProvider clock)
    {
        _clock = clock;
        _made = new Seeded(seed, "intuit-oauth");
    }

    /// <summary>False: a refresh with an old token is refused and nothing else happens.</summary>
    public bool PunishesConcurrency { get; set; } = true;

    /// <summary>How young the new token must be for the old one's use to count as a race.</summary>
    public TimeSpan ConcurrencyWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// True: outside the window the last refresh token before the present one still works, as it does at Intuit on many
    /// days. Nobody promises it.
    /// </summary>
    public bool PreviousStillWorks { get; set; }

    /// <summary>How many grants died of a race.</summary>
    public int Punished { get; private set; }

    public string Agree(OAuthClient client, string realm, string redirect)
    {
        lock (_gate)
        {
            string code = "AB1" + _made.Token(36);
            _codes[code] = new IntuitConsent(client, realm, redirect, _clock.GetUtcNow() + CodeLife);
            return code;
        }
    }

    /// <summary>Takes a code out of circulation, good or bad.</summary>
    public IntuitTokens? Redeem(OAuthClient client, string? code, string? redirect)
    {
        lock (_gate)
        {
            return code is not null && _codes.Remove(code, out IntuitConsent? consent) && consent.Client == client
                && consent.Redirect == redirect && consent.ExpiresAt > _clock.GetUtcNow()
                ? Begin(client, consent.Realm)
                : null;
        }
    }

    /// <summary>A grant without the consent page.</summary>
    public IntuitTokens Give(OAuthClient client, string realm)
    {
        lock (_gate)
        {
            return Begin(client, realm);
        }
    }

    /// <summary>New tokens for a refresh token, or null. See the summary for what an old one does.</summary>
    public IntuitTokens? Refresh(OAuthClient client, string? token)
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            IntuitGrant? grant = _grants.Find(one => one.IsAlive && one.Client == client && token is { Length: > 0 }
                && (one.Refresh == token || one.Previous == token));
            if (grant is null || grant.RefreshedAt + RefreshLife <= now || grant.GivenAt + HardLife <= now)
            {
                return null;
            }

            if (grant.Refresh == token)
            {
                return Issue(grant);
            }

            if (PunishesConcurrency && grant.RefreshedAt + ConcurrencyWindow > now)
            {
                Punished++;
                End(grant);
                return null;
            }

            return PreviousStillWorks ? Issue(grant) : null;
        }
    }

    /// <summary>The company an access token opens, or null.</summary>
    public string? RealmOf(string? access)
    {
        lock (_gate)
        {
            return access is not null
                && _access.TryGetValue(access, out (IntuitGrant Grant, DateTimeOffset ExpiresAt) held)
                && held.Grant.IsAlive && held.ExpiresAt > _clock.GetUtcNow()
                ? held.Grant.Realm
                : null;
        }
    }

    /// <summary>False when the token is not known to this client.</summary>
    public bool Revoke(OAuthClient client, string token)
    {
        lock (_gate)
        {
            IntuitGrant? grant = _access.TryGetValue(token, out (IntuitGrant Grant, DateTimeOffset ExpiresAt) held)
                ? held.Grant
                : _grants.Find(one => one.Refresh == token);
            if (grant is null || !grant.IsAlive || grant.Client != client)
            {
                return false;
            }

            End(grant);
            return true;
        }
    }

    /// <summary>What happens when somebody disconnects the app inside QuickBooks. Answers how many grants ended.</summary>
    public int EndAll(string realm)
    {
        lock (_gate)
        {
            IntuitGrant[] ended = [.. _grants.Where(grant => grant.IsAlive && grant.Realm == realm)];
            Array.ForEach(ended, End);
            return ended.Length;
        }
    }

    /// <summary>Ends access tokens, not grants: of one company, or of all.</summary>
    public void ExpireAccess(string? realm)
    {
        lock (_gate)
        {
            foreach (string token in _access.Where(held => realm is null || held.Value.Grant.Realm == realm)
                .Select(held => held.Key).ToArray())
            {
                _access.Remove(token);
            }
        }
    }

    public int Alive(string realm)
    {
        lock (_gate)
        {
            return _grants.Count(grant => grant.IsAlive && grant.Realm == realm);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _codes.Clear();
            _access.Clear();
            _grants.Clear();
            Punished = 0;
        }
    }

    private IntuitTokens Begin(OAuthClient client, string realm)
    {
        var grant = new IntuitGrant(client, realm, _clock.GetUtcNow());
        _grants.Add(grant);
        return Issue(grant);
    }

    private IntuitTokens Issue(IntuitGrant grant)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        grant.Previous = grant.Refresh.Length == 0 ? null : grant.Refresh;
        grant.Refresh = "RT1-" + _made.Token(30);
        grant.RefreshedAt = now;
        string access = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0.." + _made.Token(60);
        _access[access] = (grant, now + AccessLife);
        TimeSpan hard = grant.GivenAt + HardLife - now;
        return new IntuitTokens(access, grant.Refresh, hard < RefreshLife ? hard : RefreshLife, hard);
    }

    private static void End(IntuitGrant grant) => grant.IsAlive = false;
}
