using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Audit.Verify;

/// <summary>
/// A promise to a personal value that does not show it. Whoever holds salt and value can prove it; whoever holds
/// neither learns nothing, however short the value is, because the salt is 32 random bytes used once.
/// <code>
/// commitment = SHA-256( part(domain) | part(salt) | part(name) | part(value) )
/// part(x)    = length of x, 4 bytes, most significant first | x
/// domain     = "practicpro/audit-value/v1", salt = 32 bytes, name and value = UTF-8
/// </code>
/// Lengths come first so that no two different sets of parts give the same bytes.
/// Proves what was written; does not prove that what was written is true.
/// </summary>
internal static class ValueCommitment
{
    public const int SaltLength = 32;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static TreeHash Of(ReadOnlySpan<byte> salt, string name, string value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltLength);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendPart(hash, "practicpro/audit-value/v1"u8);
        AppendPart(hash, salt);
        AppendPart(hash, Strict.GetBytes(name));
        AppendPart(hash, Strict.GetBytes(value));
        return new TreeHash(hash.GetHashAndReset());
    }

    private static void AppendPart(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
