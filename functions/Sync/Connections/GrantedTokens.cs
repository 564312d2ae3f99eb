using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The tokens of one connection, as they are sealed under the tenant's <c>tokens</c> key (CON-2). Never printed.
/// </summary>
/// <param name="AccessExpiresAt">When the provider stops taking the access token.</param>
internal sealed record GrantedTokens(
    ConnectionId Connection, string RefreshToken, string AccessToken, DateTimeOffset AccessExpiresAt)
{
    public override string ToString() => "***";
}

/// <summary>A connect attempt between the two halves of the consent round trip. Used once, good for ten minutes.</summary>
/// <param name="StateHash">SHA-256 of the state the provider hands back; the state itself is known to the browser only.</param>
/// <param name="Verifier">The PKCE code verifier (RFC 7636).</param>
/// <param name="SessionHash">The session it was started in; it ends in the same one or not at all.</param>
internal sealed record ConnectAttempt(
    string StateHash, string Verifier, string SessionHash, Kernel.PersonId StartedBy, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public override string ToString() => "***";
}
