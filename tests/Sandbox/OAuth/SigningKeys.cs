using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.OAuth;

/// <summary>
/// The RSA keys behind id tokens and push tokens, and the JWT form they are signed in (RFC 7515, RS256). Made anew at
/// each start, when first needed: the only thing that does not follow from the seed. Rotation keeps the old key in the
/// public set.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Kid, RSA Key)> _keys = [];

    /// <summary>Adds a key and signs with it from now on.</summary>
    public void Rotate()
    {
        lock (_gate)
        {
            Add();
        }
    }

    /// <summary>Withdraws every key and signs with a new one from now on.</summary>
    public void Replace()
    {
        lock (_gate)
        {
            _keys.ForEach(key => key.Key.Dispose());
            _keys.Clear();
            Add();
        }
    }

    public JsonObject PublicSet()
    {
        lock (_gate)
        {
            EnsureOne();
            return new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(key => PublicKey(key.Kid, key.Key))]) };
        }
    }

    public string Sign(JsonObject claims) => Sign(claims, "RS256", null);

    /// <summary>
    /// For tokens that must be refused: another algorithm name, or a key id that is in no set.
    /// The signature is a true one unless the algorithm is "none".
    /// </summary>
    public string Sign(JsonObject claims, string algorithm, string? kid)
    {
        lock (_gate)
        {
            EnsureOne();
            (string newest, RSA key) = _keys[^1];
            var header = new JsonObject { ["alg"] = algorithm, ["kid"] = kid ?? newest, ["typ"] = "JWT" };
            string signed = $"{Encode(header)}.{Encode(claims)}";
            byte[] signature = algorithm == "none"
                ? []
                : key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _keys.ForEach(key => key.Key.Dispose());
        }
    }

    private void EnsureOne()
    {
        if (_keys.Count == 0)
        {
            Add();
        }
    }

    private void Add()
    {
        var key = RSA.Create(2048);
        _keys.Add((Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..40], key));
    }

    private static JsonObject PublicKey(string kid, RSA key)
    {
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["alg"] = "RS256",
            ["use"] = "sig",
            ["kid"] = kid,
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
    }

    private static string Encode(JsonObject json) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
