using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>The OpenID Connect token that says who signed in. There is no email_verified here.</summary>
internal static class MicrosoftIdToken
{
    public static readonly string Issuer = $"https://login.microsoftonline.com/{Names.Tenant}/v2.0";

    public static string Sign(World world, MicrosoftClient client, string account, string? nonce, int seconds)
    {
        long now = world.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["aud"] = client.Key,
            ["iss"] = Issuer,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + seconds,
            ["email"] = account,
            ["name"] = account.Split('@')[0],
            ["oid"] = Names.ObjectOf(account),
            ["preferred_username"] = account,
            ["sub"] = Names.GuidOf($"subject {client.Key} {account.ToLowerInvariant()}"),
            ["tid"] = Names.Tenant,
            ["ver"] = "2.0",
        };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        return world.SigningKeys.Sign(claims);
    }
}
