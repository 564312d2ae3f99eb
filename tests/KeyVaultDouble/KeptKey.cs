using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PracticPro.KeyVaultDouble;

/// <summary>A key with all its versions, as it is kept. The newest version is the last.</summary>
/// <param name="Policy">The rotation policy that was put; null for the one every key has.</param>
/// <param name="Deleted">Set while the key lies in the bin.</param>
internal sealed record KeptKey(
    string Name, ImmutableList<KeptVersion> Versions, KeptPolicy? Policy = null, Deletion? Deleted = null)
{
    public KeptVersion Newest => Versions[^1];

    public KeptVersion Version(string? id) =>
        string.IsNullOrEmpty(id) ? Newest : Versions.Find(version => version.Id == id) ?? throw Refusal.NotFound();

    public KeptKey With(KeptVersion changed) =>
        this with { Versions = [.. Versions.Select(version => version.Id == changed.Id ? changed : version)] };
}

/// <summary>One version. Times are Unix seconds, as on the wire.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Kind"><c>RSA</c> or <c>EC</c>.</param>
/// <param name="Bits">2048, 3072 or 4096; 256 for P-256.</param>
/// <param name="Private">PKCS #8.</param>
internal sealed record KeptVersion(
    string Id,
    string Kind,
    int Bits,
    byte[] Private,
    ImmutableArray<string> Operations,
    bool IsEnabled,
    long Created,
    long Updated,
    long? NotBefore,
    long? Expires,
    ImmutableSortedDictionary<string, string> Tags)
{
    /// <summary>A version with new key material.</summary>
    public static KeptVersion Make(
        string kind, int bits, ImmutableArray<string> operations, long now, ImmutableSortedDictionary<string, string> tags)
    {
        using AsymmetricAlgorithm key = kind == "RSA" ? RSA.Create(bits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new KeptVersion(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            kind, bits, key.ExportPkcs8PrivateKey(), operations, true, now, now, null, null, tags);
    }

    public RSA OpenRsa()
    {
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(Private, out _);
        return key;
    }

    public ECDsa OpenCurve()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Private, out _);
        return key;
    }
}

/// <summary>When a key was deleted, and from when it is gone for good. Unix seconds.</summary>
internal sealed record Deletion(long At, long PurgeAt);

/// <summary>A rotation policy as it was put and checked.</summary>
/// <param name="Actions"><c>lifetimeActions</c> of the wire.</param>
internal sealed record KeptPolicy(JsonArray Actions, string? ExpiryTime, long Created, long Updated);
