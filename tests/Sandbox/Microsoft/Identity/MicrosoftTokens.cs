namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>What a person agreed to, waiting behind an authorization code for at most ten minutes.</summary>
internal sealed record MicrosoftConsent(
    MicrosoftClient Client, string Account, IReadOnlyList<string> Scopes, string Redirect, string? Challenge,
    string? Nonce, DateTimeOffset ExpiresAt)
{
    public bool IsRedeemed { get; set; }
}

/// <summary>An access token: who may do what until when.</summary>
internal sealed record MicrosoftAccess(
    MicrosoftClient Client, string Account, IReadOnlySet<string> Scopes, DateTimeOffset ExpiresAt);

/// <summary>Why a refresh token no longer works.</summary>
internal enum GrantEnd
{
    None,
    Expired,
    PasswordChanged,
    ConsentRemoved,
    SecondFactor,
}

/// <summary>A refresh token. Its successor does not end it at once.</summary>
internal sealed class MicrosoftRefresh(
    MicrosoftClient client, string account, IReadOnlyList<string> scopes, DateTimeOffset issuedAt)
{
    public MicrosoftClient Client => client;

    public string Account => account;

    public IReadOnlyList<string> Scopes => scopes;

    public DateTimeOffset IssuedAt => issuedAt;

    /// <summary>When it was first exchanged for a successor.</summary>
    public DateTimeOffset? SucceededAt { get; set; }

    public GrantEnd End { get; set; }
}
