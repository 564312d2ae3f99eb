using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.OAuth;

/// <summary>The OpenID Connect token that says who signed in.</summary>
internal static class IdToken
{
    public const string Issuer = "https://accounts.google.com";

    public static string Sign(World world, OAuthClient client, string account, string? nonce)
    {
        long now = world.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["azp"] = client.Key,
            ["aud"] = client.Key,
            ["sub"] = SubjectOf(account),
            ["email"] = account,
            ["email_verified"] = true,
            ["iat"] = now,
            ["exp"] = now + (long)Grants.AccessLife.TotalSeconds,
        };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        return world.SigningKeys.Sign(claims);
    }

    /// <summary>A 21-digit number that is always the same for an account.</summary>
    public static string SubjectOf(string account)
    {
        ulong number = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(account.ToLowerInvariant())));
        return "1" + number.ToString("D20", CultureInfo.InvariantCulture);
    }
}
