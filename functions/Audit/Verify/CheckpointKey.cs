using System.Formats.Asn1;
using System.Security.Cryptography;

namespace PracticPro.Audit.Verify;

/// <summary>
/// The public half of the key that signs checkpoints: ECDSA on P-256 with SHA-256. Equal when the key is the same.
/// Named by its whole SHA-256, 64 hexadecimal digits over the SubjectPublicKeyInfo; that name can be pinned in place
/// of the key. The four bytes in a signature line are too short for that and only say which key to try.
/// </summary>
internal sealed class CheckpointKey : IEquatable<CheckpointKey>
{
    private const int EncodedLength = 91;
    // What stands before the point in every uncompressed P-256 key, RFC 5480 section 2: id-ecPublicKey, secp256r1.
    private static readonly byte[] Opening =
        Convert.FromHexString("3059301306072A8648CE3D020106082A8648CE3D03010703420004");

    private readonly byte[] publicKey;

    private CheckpointKey(byte[] publicKey)
    {
        this.publicKey = publicKey;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(publicKey));
    }

    public string KeyId { get; }

    /// <summary>First four bytes of the SHA-256 over the key, as Rekor names ECDSA keys in signed notes.</summary>
    public ReadOnlySpan<byte> Hint => SHA256.HashData(publicKey).AsSpan(0, 4);

    /// <summary>The SubjectPublicKeyInfo in standard base64, one line.</summary>
    public string Encoded => Convert.ToBase64String(publicKey);

    public string Pem => PemEncoding.WriteString("PUBLIC KEY", publicKey) + "\n";

    /// <summary>Reads a PEM text that holds one public P-256 key. A private key is refused: it has no place here.</summary>
    public static bool TryParse(string pem, out CheckpointKey key)
    {
        key = null!;
        if (!PemEncoding.TryFind(pem, out var fields) || !pem.AsSpan()[fields.Label].SequenceEqual("PUBLIC KEY"))
        {
            return false;
        }

        return TryRead(Convert.FromBase64String(pem[fields.Base64Data]), out key);
    }

    /// <summary>Reads what <see cref="Encoded"/> writes, and no other spelling of it.</summary>
    public static bool TryDecode(string base64, out CheckpointKey key)
    {
        key = null!;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written)
            && TryRead(bytes[..written], out key)
            && key.Encoded == base64;
    }

    private static bool TryRead(byte[] encoded, out CheckpointKey key)
    {
        key = null!;

        // Checked before a library sees it: what it throws at a curve it does not know differs between platforms.
        if (encoded.Length != EncodedLength || !encoded.AsSpan().StartsWith(Opening))
        {
            return false;
        }

        try
        {
            // The platform refuses a point that is not on the curve.
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(encoded, out _);
            key = new CheckpointKey(encoded);
            return true;
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

    /// <summary>
    /// <c>r | s</c>, as signers give it, in the form openssl and signed notes take: SEQUENCE { r INTEGER, s INTEGER },
    /// RFC 3279 section 2.2.3.
    /// </summary>
    public static byte[] ToDer(ReadOnlySpan<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, 64);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteNumber(writer, signature[..32]);
            WriteNumber(writer, signature[32..]);
        }

        return writer.Encode();
    }

    public bool Equals(CheckpointKey? other) => other is not null && KeyId == other.KeyId;

    public override bool Equals(object? obj) => Equals(obj as CheckpointKey);

    public override int GetHashCode() => KeyId.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => KeyId;

    private static void WriteNumber(AsnWriter writer, ReadOnlySpan<byte> number)
    {
        var digits = number.TrimStart((byte)0);
        writer.WriteIntegerUnsigned(digits.IsEmpty ? number[^1..] : digits);
    }
}
