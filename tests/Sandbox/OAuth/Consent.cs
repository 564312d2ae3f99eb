namespace PracticPro.Sandbox.OAuth;

/// <summary>What a person agreed to, waiting behind an authorization code for at most ten minutes.</summary>
internal sealed record Consent(
    OAuthClient Client, string Account, IReadOnlyList<string> Scopes, string Redirect, string? Challenge, string? Nonce,
    bool GivesRefreshToken, DateTimeOffset ExpiresAt);

/// <summary>An access token: who may do what until when.</summary>
internal sealed record AccessToken(
    OAuthClient Client, string Account, IReadOnlySet<string> Scopes, DateTimeOffset ExpiresAt);

/// <summary>A refresh token. It dies when unused for six months.</summary>
internal sealed record RefreshToken(
    OAuthClient Client, string Account, IReadOnlyList<string> Scopes, DateTimeOffset UsedAt);
