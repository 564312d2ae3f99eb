using System.Buffers;
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
    private const int LengthLength = 4;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Domain => "practicpro/audit-value/v1"u8;

    /// <exception cref="ArgumentException">Name or value holds half a surrogate pair.</exception>
    public static TreeHash Of(ReadOnlySpan<byte> salt, string name, string value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltLength);

        // Put together first and hashed at once: hashing part by part costs several times as much for short values.
        var input = new ArrayBufferWriter<byte>(
            (4 * LengthLength) + Domain.Length + SaltLength + Strict.GetByteCount(name) + Strict.GetByteCount(value));
        AppendPart(input, Domain);
        AppendPart(input, salt);
        AppendPart(input, Strict.GetBytes(name));
        AppendPart(input, Strict.GetBytes(value));
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(input.WrittenSpan, hash);
        return new TreeHash(hash);
    }

    private static void AppendPart(ArrayBufferWriter<byte> input, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(input.GetSpan(LengthLength), part.Length);
        input.Advance(LengthLength);
        input.Write(part);
    }
}
