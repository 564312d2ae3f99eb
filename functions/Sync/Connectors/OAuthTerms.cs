using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Egress;

namespace PracticPro.Sync.Connectors;

/// <summary>
/// A provider's OAuth 2.0, as data. PKCE (RFC 7636) and a state bound to the session are not optional and so not here.
/// </summary>
/// <param name="Consent">The processor the browser is sent to.</param>
/// <param name="ConsentPath">Path of its consent page.</param>
/// <param name="Exchange">Operation that exchanges codes and refresh tokens.</param>
/// <param name="ExchangeAt">Its processor.</param>
/// <param name="Calls">The processor an access token is for.</param>
/// <param name="Scopes">The least that works (CON-1). A grant that came back with more or fewer is refused.</param>
internal sealed record OAuthTerms(
    Processor Consent,
    string ConsentPath,
    Processor ExchangeAt,
    ProviderOperation Exchange,
    Processor Calls,
    ScopeList Scopes)
{
    /// <summary>What the consent page wants besides the standard: <c>access_type=offline</c>, <c>prompt=consent</c>.</summary>
    public ImmutableArray<KeyValuePair<string, string>> ConsentQuery { get; init; } = [];

    public ClientProof Client { get; init; } = ClientProof.Form;

    /// <summary>Gives a grant back; null where a provider has no such call, and the owner is told where to do it.</summary>
    public Revocation? Revocation { get; init; }

    /// <summary>
    /// True when an error answer says that the grant is dead and no retry helps. Anything else is a passing trouble and must
    /// not cost a connection. Default: <c>error</c> is <c>invalid_grant</c>.
    /// </summary>
    public Func<JsonElement, bool> SaysDead { get; init; } = static error =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("error", out var code)
        && code.ValueKind == JsonValueKind.String
        && code.ValueEquals("invalid_grant");

    /// <summary>
    /// True when an error answer says that the provider does not accept the program itself: a secret that ran out (Microsoft's
    /// AADSTS7000222), a client that was switched off. Whoever runs the server mends it; no connection is lost by it.
    /// </summary>
    public Func<JsonElement, bool> SaysOurFault { get; init; } = static error =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("error", out var code)
        && code.ValueKind == JsonValueKind.String
        && (code.ValueEquals("invalid_client") || code.ValueEquals("unauthorized_client"));

    /// <summary>Where the owner ends the consent by hand, for a provider without <see cref="Revocation"/>.</summary>
    public Uri? ConsentsPage { get; init; }

    /// <summary>One revocation ends every grant of this program for that account, whichever product it was for (Google).</summary>
    public bool RevocationEndsAll { get; init; }
}

/// <summary>The permissions asked for, and how the answer names them.</summary>
/// <param name="Asked">As sent to the consent page.</param>
/// <param name="Kept">As a grant must hold them, neither more nor fewer; null when the provider's answer names none (QuickBooks).</param>
internal sealed record ScopeList(ImmutableArray<string> Asked, ImmutableArray<string>? Kept)
{
    /// <summary>Permissions a provider adds of itself and that open nothing of the practice's: <c>openid</c>, <c>profile</c>.</summary>
    public ImmutableArray<string> Tolerated { get; init; } = [];

    /// <summary>
    /// What an answer may put in front of a name though the same permission is meant (Microsoft: the address of Graph); empty
    /// where none does.
    /// </summary>
    public string Home { get; init; } = "";

    /// <summary>What each of them lets the program do, as the consent page would say it: <c>Read your mail</c>.</summary>
    public ImmutableDictionary<string, string> InWords { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Of <see cref="Kept"/>, what writing needs; empty for a connector that cannot write.</summary>
    public ImmutableArray<string> ForWriting { get; init; } = [];

    /// <summary>The permissions an answer names, each as it is asked for.</summary>
    /// <param name="told">Apart by blanks (RFC 6749, 3.3).</param>
    public ImmutableArray<string> NamedIn(string? told) =>
    [
        .. (told ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name =>
            Home.Length > 0 && name.StartsWith(Home, StringComparison.OrdinalIgnoreCase) ? name[Home.Length..] : name),
    ];

    /// <summary>Permissions a grant lacks; none when the answer names none.</summary>
    public ImmutableArray<string> MissingIn(IEnumerable<string> granted) => Kept is { } kept ? [.. kept.Except(granted)] : [];

    /// <summary>Permissions a grant has too many.</summary>
    public ImmutableArray<string> ExtraIn(IEnumerable<string> granted) =>
        Kept is { } kept ? [.. granted.Except(kept).Except(Tolerated)] : [];
}

/// <summary>How the program says who it is at the token endpoint.</summary>
internal enum ClientProof
{
    /// <summary><c>client_id</c> and <c>client_secret</c> in the form.</summary>
    Form,

    /// <summary>HTTP Basic (RFC 6749, 2.3.1).</summary>
    Basic,
}

/// <param name="At">Its processor.</param>
/// <param name="Operation">A grant operation.</param>
/// <param name="AsJson">The token goes into <c>{"token": …}</c> and not into a form.</param>
internal sealed record Revocation(Processor At, ProviderOperation Operation, bool AsJson = false);
