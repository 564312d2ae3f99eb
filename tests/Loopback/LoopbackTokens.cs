using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PracticPro.Loopback;

/// <summary>
/// Access tokens as Microsoft Entra's endpoint hands them out, signed with HMAC by a key in a shared folder (HS256,
/// RFC 7518 section 3.2), so that a double can tell its own family's tokens from anything else.
/// </summary>
internal sealed class LoopbackTokens
{
    /// <summary>The directory all tokens are of.</summary>
    public const string Directory = "11111111-2222-3333-4444-555555555555";

    /// <summary>Issuer, of the form that Azurite's OAuth check asks for.</summary>
    public const string Issuer = $"https://sts.windows.net/{Directory}/";

    private const string KeyFile = "tokens.key";
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
    private readonly byte[] key;

    private LoopbackTokens(byte[] key) => this.key = key;

    /// <summary>The signing key of the folder; made when there is none.</summary>
    public static LoopbackTokens OpenOrMake(string folder)
    {
        System.IO.Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, KeyFile);
        try
        {
            OwnFile.Write(path, FileMode.CreateNew, RandomNumberGenerator.GetBytes(32));
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it.
        }

        var key = File.ReadAllBytes(path);
        return key.Length == 32 ? new LoopbackTokens(key) : throw new IOException("The token key is being written; try again.");
    }

    /// <param name="audience">The service, without <c>/.default</c>: <c>https://vault.azure.net</c>.</param>
    public string Mint(string audience, DateTimeOffset now, TimeSpan goodFor, string principal = "practicpro")
    {
        var claims = new Claims(
            audience, Issuer, now.ToUnixTimeSeconds(), now.ToUnixTimeSeconds(), (now + goodFor).ToUnixTimeSeconds(),
            principal, principal, Directory, "1.0");
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Sign(signed)}";
    }

    /// <summary>Who the token is of, or null for one that is not ours, not for this audience, or not good now.</summary>
    public string? PrincipalOf(string? token, string audience, DateTimeOffset now)
    {
        if (token?.Split('.') is not [var header, var body, var signature]
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(Sign($"{header}.{body}")), Encoding.UTF8.GetBytes(signature)))
        {
            return null;
        }

        var claims = JsonSerializer.Deserialize<Claims>(Base64Url.DecodeFromChars(body));
        var seconds = now.ToUnixTimeSeconds();
        return claims is not null && claims.Audience.TrimEnd('/') == audience.TrimEnd('/')
            && claims.NotBefore <= seconds + 300 && seconds < claims.Expires
                ? claims.Principal
                : null;
    }

    private string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private sealed record Claims(
        [property: JsonPropertyName("aud")] string Audience,
        [property: JsonPropertyName("iss")] string Issuer,
        [property: JsonPropertyName("iat")] long IssuedAt,
        [property: JsonPropertyName("nbf")] long NotBefore,
        [property: JsonPropertyName("exp")] long Expires,
        [property: JsonPropertyName("oid")] string Principal,
        [property: JsonPropertyName("sub")] string Subject,
        [property: JsonPropertyName("tid")] string Tenant,
        [property: JsonPropertyName("ver")] string Version);
}
