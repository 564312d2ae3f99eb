using System.Security.Cryptography;

namespace PracticPro.Audit.Verify;

/// <summary>
/// The public half of the key that signs checkpoints: ECDSA on P-256 with SHA-256. Equal when the key is the same.
/// Named by its whole SHA-256, 64 hexadecimal digits over the SubjectPublicKeyInfo; that name can be pinned in place
/// of the key. The four bytes in a signature line are too short for that and only say which key to try.
/// </summary>
internal sealed class CheckpointKey : IEquatable<CheckpointKey>
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private readonly byte[] publicKey;

    private CheckpointKey(byte[] publicKey)
    {
        this.publicKey = publicKey;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(publicKey));
    }

    public string KeyId { get; }

    /// <summary>First four bytes of the SHA-256 over the key, as Rekor names ECDSA keys in signed notes.</summary>
    public ReadOnlySpan<byte> Hint => SHA256.HashData(publicKey).AsSpan(0, 4);

    public string Pem => PemEncoding.WriteString("PUBLIC KEY", publicKey) + "\n";

    /// <summary>Reads a PEM text that holds one public P-256 key. A private key is refused: it has no place here.</summary>
    public static bool TryParse(string pem, out CheckpointKey key)
    {
        key = null!;
        if (!PemEncoding.TryFind(pem, out var fields) || !pem.AsSpan()[fields.Label].SequenceEqual("PUBLIC KEY"))
        {
            return false;
        }

        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(pem[fields.Base64Data]), out _);
            key = new CheckpointKey(ecdsa.ExportSubjectPublicKeyInfo());
            return ecdsa.ExportParameters(false).Curve.Oid.Value == P256;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>True when the DER signature over these bytes is this key's.</summary>
    public bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        try
        {
            return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public bool Equals(CheckpointKey? other) => other is not null && KeyId == other.KeyId;

    public override bool Equals(object? obj) => Equals(obj as CheckpointKey);

    public override int GetHashCode() => KeyId.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => KeyId;
}
