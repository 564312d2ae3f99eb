using System.Text;
using System.Text.RegularExpressions;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// How a vault says for whom and from whom a token must be, in the header of its 401: <c>Bearer authorization="https://
/// login.microsoftonline.com/{directory}", resource="https://vault.azure.net"</c> (Microsoft Learn, "Authentication,
/// requests and responses" of Key Vault). Whoever answers in the vault's place could name another audience and be handed a
/// token for it: so the audience must be the domain the vault's own name ends in.
/// </summary>
/// <param name="Scope">Audience with <c>/.default</c>.</param>
/// <param name="Directory">The directory tokens must be of; null where the challenge names none.</param>
/// <param name="Claims">What a further token must also claim, when an earlier one was not enough; else null.</param>
internal sealed partial record KeyVaultChallenge(string Scope, string? Directory, string? Claims)
{
    /// <summary>The challenge, or null when there is none, or none to be trusted for this vault.</summary>
    public static KeyVaultChallenge? Read(string? header, Uri home)
    {
        if (header is null || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in Part().Matches(header).Cast<Match>())
        {
            parts.TryAdd(part.Groups[1].Value, part.Groups[2].Value);
        }

        var audience = (parts.GetValueOrDefault("resource") ?? parts.GetValueOrDefault("scope") ?? "").TrimEnd('/');
        audience = audience.EndsWith("/.default", StringComparison.Ordinal) ? audience[..^"/.default".Length] : audience;
        if (!Uri.TryCreate(audience, UriKind.Absolute, out var resource) || !IsFor(resource, home))
        {
            return null;
        }

        var authority = parts.GetValueOrDefault("authorization") ?? parts.GetValueOrDefault("authorization_uri");
        if (authority is null)
        {
            return new KeyVaultChallenge(audience + "/.default", null, ClaimsOf(parts));
        }

        return Uri.TryCreate(authority, UriKind.Absolute, out var login) && login.Scheme == Uri.UriSchemeHttps
            && login.AbsolutePath.Trim('/').Split('/')[0] is { Length: > 0 } directory
                ? new KeyVaultChallenge(audience + "/.default", directory, ClaimsOf(parts))
                : null;
    }

    // A vault on this machine has no domain of its own: it stands in for a real one, and nobody else can.
    private static bool IsFor(Uri resource, Uri home) =>
        resource.Scheme == Uri.UriSchemeHttps
        && (home.IsLoopback || home.IdnHost.EndsWith('.' + resource.IdnHost, StringComparison.OrdinalIgnoreCase));

    private static string? ClaimsOf(Dictionary<string, string> parts)
    {
        if (!parts.TryGetValue("claims", out var encoded))
        {
            return null;
        }

        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    [GeneratedRegex("([a-zA-Z_]+)=\"([^\"]*)\"")]
    private static partial Regex Part();
}
