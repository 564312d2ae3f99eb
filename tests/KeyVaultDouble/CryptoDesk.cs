using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PracticPro.KeyVaultDouble;

/// <summary>
/// Wraps, unwraps, signs and verifies. A disabled version does nothing. One that is not yet or no longer valid does not
/// wrap or sign, but goes on unwrapping and verifying, so that what was made in its time stays readable (Microsoft Learn,
/// "About keys", date-time controlled operations).
/// </summary>
internal sealed class CryptoDesk(KeysDesk keys, KeyShelf shelf)
{
    private const int DigestBytes = 32;

    public JsonObject Carry(Asked asked, JsonElement body, Shapes shapes)
    {
        var key = keys.Living(asked.Name);
        var version = key.Version(asked.Version);
        RefuseIfNotUsable(asked.Operation, version);
        var answer = asked.Operation switch
        {
            "wrapkey" => Wrap(version, body),
            "unwrapkey" => Unwrap(version, body),
            "sign" => Sign(version, body),
            _ => Verify(version, body),
        };
        if (asked.Operation != "verify")
        {
            answer["kid"] = shapes.IdOf(key, version);
        }

        return answer;
    }

    private static JsonObject Wrap(KeptVersion version, JsonElement body)
    {
        RequireAlgorithm(version, body, "RSA", "RSA-OAEP-256");
        using var rsa = version.OpenRsa();
        var plain = Bytes(body, "value");
        return plain.Length <= (version.Bits / 8) - 66
            ? Value(rsa.Encrypt(plain, RSAEncryptionPadding.OaepSHA256))
            : throw Refusal.BadParameter("The value is too long for the key and the algorithm.");
    }

    private static JsonObject Unwrap(KeptVersion version, JsonElement body)
    {
        RequireAlgorithm(version, body, "RSA", "RSA-OAEP-256");
        using var rsa = version.OpenRsa();
        try
        {
            return Value(rsa.Decrypt(Bytes(body, "value"), RSAEncryptionPadding.OaepSHA256));
        }
        catch (CryptographicException)
        {
            throw Refusal.BadParameter("The parameter is incorrect.");
        }
    }

    private static JsonObject Sign(KeptVersion version, JsonElement body)
    {
        RequireAlgorithm(version, body, "EC", "ES256");
        using var curve = version.OpenCurve();
        return Value(curve.SignHash(Digest(body, "value"), DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private static JsonObject Verify(KeptVersion version, JsonElement body)
    {
        RequireAlgorithm(version, body, "EC", "ES256");
        using var curve = version.OpenCurve();
        return new JsonObject
        {
            ["value"] = curve.VerifyHash(
                Digest(body, "digest"), Bytes(body, "value"), DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        };
    }

    private void RefuseIfNotUsable(string operation, KeptVersion version)
    {
        var (word, makes) = operation switch
        {
            "wrapkey" => ("wrapKey", true),
            "unwrapkey" => ("unwrapKey", false),
            "sign" => ("sign", true),
            _ => ("verify", false),
        };
        if (!version.IsEnabled)
        {
            throw Refusal.Forbidden("KeyDisabled", $"Operation {operation} is not allowed on a disabled key.");
        }

        if (!version.Operations.Contains(word))
        {
            throw Refusal.Forbidden("KeyOperationForbidden", $"Operation {operation} is not permitted on this key.");
        }

        if (makes && version.Expires <= shelf.Now)
        {
            throw Refusal.Forbidden("KeyExpired", $"Operation {operation} is not allowed on an expired key.");
        }

        if (makes && version.NotBefore > shelf.Now)
        {
            throw Refusal.Forbidden("KeyNotYetValid", $"Operation {operation} is not allowed on a key that is not yet valid.");
        }
    }

    private static void RequireAlgorithm(KeptVersion version, JsonElement body, string kind, string algorithm)
    {
        if (version.Kind != kind || !body.TryGetProperty("alg", out var asked) || asked.GetString() != algorithm)
        {
            throw Refusal.BadParameter("The algorithm does not fit the key, or is not one this double speaks.");
        }
    }

    private static byte[] Digest(JsonElement body, string name) =>
        Bytes(body, name) is { Length: DigestBytes } digest ? digest : throw Refusal.BadParameter("A digest for ES256 is 32 bytes.");

    private static byte[] Bytes(JsonElement body, string name)
    {
        var text = body.TryGetProperty(name, out var value) ? value.GetString() : null;
        if (string.IsNullOrEmpty(text) || text.Contains('=', StringComparison.Ordinal) || !Base64Url.IsValid(text))
        {
            throw Refusal.BadParameter("A value is base64url without padding.");
        }

        return Base64Url.DecodeFromChars(text);
    }

    private static JsonObject Value(byte[] bytes) => new() { ["value"] = Base64Url.EncodeToString(bytes) };
}
