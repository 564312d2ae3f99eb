using System.Text.Json.Nodes;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.PubSub;

/// <summary>What is wrong with a push's token; a receiver must refuse all but the first.</summary>
internal enum TokenFault
{
    None,
    Missing,
    BadSignature,
    WrongAudience,
    WrongIssuer,
    Expired,
    NotYetValid,
    WrongEmail,
    UnverifiedEmail,
    AlgorithmNone,
    AlgorithmHmac,
    UnknownKey,
}

/// <summary>
/// The OIDC token Pub/Sub puts on a push. Google signs such tokens for any of its customers with any audience, which is
/// why <see cref="TokenFault.WrongEmail"/> is the case that matters most.
/// </summary>
internal static class PushToken
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public static string? Sign(SigningKeys keys, PushSettings settings, DateTimeOffset now, TokenFault fault)
    {
        if (fault == TokenFault.Missing)
        {
            return null;
        }

        DateTimeOffset issuedAt = fault switch
        {
            TokenFault.Expired => now - (2 * Life),
            TokenFault.NotYetValid => now + Life,
            _ => now,
        };
        string email = fault == TokenFault.WrongEmail
            ? "someone@other-project.iam.gserviceaccount.example"
            : settings.Email;
        var claims = new JsonObject
        {
            ["iss"] = fault == TokenFault.WrongIssuer ? "https://accounts.example" : IdToken.Issuer,
            ["aud"] = fault == TokenFault.WrongAudience ? "https://elsewhere.example/push" : settings.EffectiveAudience,
            ["azp"] = IdToken.SubjectOf(email),
            ["sub"] = IdToken.SubjectOf(email),
            ["email"] = email,
            ["email_verified"] = fault != TokenFault.UnverifiedEmail,
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
            ["exp"] = (issuedAt + Life).ToUnixTimeSeconds(),
        };
        if (fault == TokenFault.NotYetValid)
        {
            claims["nbf"] = issuedAt.ToUnixTimeSeconds();
        }

        string token = fault switch
        {
            TokenFault.AlgorithmNone => keys.Sign(claims, "none", null),
            TokenFault.AlgorithmHmac => keys.Sign(claims, "HS256", null),
            TokenFault.UnknownKey => keys.Sign(claims, "RS256", new string('0', 40)),
            _ => keys.Sign(claims),
        };
        return fault == TokenFault.BadSignature ? WithOtherSignature(token) : token;
    }

    /// <summary>Changes a character in the middle of the signature: the last one may hold unused bits.</summary>
    private static string WithOtherSignature(string token)
    {
        int at = token.Length - 20;
        return token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
    }
}
