using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// One consent of one company to one client, and everything that came of it. It has one good refresh token at a time;
/// the one before is remembered, because using it again is what gives a careless client away.
/// </summary>
internal sealed class IntuitGrant(OAuthClient client, string realm, DateTimeOffset givenAt)
{
    public OAuthClient Client => client;

    public string Realm => realm;

    public DateTimeOffset GivenAt => givenAt;

    public bool IsAlive { get; set; } = true;

    public string Refresh { get; set; } = "";

    public DateTimeOffset RefreshedAt { get; set; }

    public string? Previous { get; set; }
}

/// <summary>What waits behind an authorization code: once, ten minutes.</summary>
internal sealed record IntuitConsent(
    OAuthClient Client, string Realm, string Redirect, DateTimeOffset ExpiresAt);

/// <summary>A pair of fresh tokens, with the refresh token's life from now and from the first consent.</summary>
internal sealed record IntuitTokens(string Access, string Refresh, TimeSpan RefreshLife, TimeSpan HardLife);
