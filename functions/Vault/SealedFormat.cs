using System.Buffers.Binary;

namespace PracticPro.Vault;

/// <summary>
/// The bytes of a sealed value, version 1. Numbers are big-endian; offsets and sizes in bytes.
/// <code>
///  0       1       2            6                 38                70
///  +-------+-------+------------+-----------------+-----------------+--------------------+--------+
///  |version| suite | generation | message id      | commitment      | ciphertext         | tag    |
///  |   1   |   1   |     4      |      32         |      32         | as long as plain   |   16   |
///  +-------+-------+------------+-----------------+-----------------+--------------------+--------+
///  |&lt;--------- named: 38 ---------------------->|
///  |&lt;--------- header: 70, authenticated ----------------------->|
/// </code>
/// Message key (32) and commitment (32) are the 64 bytes of HKDF-Expand (SHA-512) with the data key as
/// pseudorandom key and <c>label | named</c> as info. The associated data is
/// <c>header | tenant | purpose | kind | id | field | schema | generation</c>, texts behind their lengths.
/// <para>
/// The nonce is twelve zero bytes. That is sound because a message key seals one message only: it is derived from a
/// 256-bit random message id, and two messages under one data key share an id with a chance below 2^-128 until
/// 2^64 of them exist. GCM asks that a (key, nonce) pair is never used twice (NIST SP 800-38D section 8); here
/// the key itself is not.
/// </para>
/// </summary>
internal static class SealedFormat
{
    public const byte Version1 = 1;

    /// <summary>HKDF-Expand with SHA-512, AES-256-GCM with a 16-byte tag, 32-byte commitment.</summary>
    public const byte Suite1 = 1;

    public const int GenerationAt = 2;
    public const int MessageIdAt = 6;
    public const int MessageIdBytes = 32;
    public const int NamedBytes = 38;
    public const int CommitmentBytes = 32;
    public const int HeaderBytes = 70;
    public const int TagBytes = MessageCipher.TagBytes;
    public const int OverheadBytes = HeaderBytes + TagBytes;

    /// <summary>Longest plaintext sealed in one piece: 64 MiB. Longer ones are for <see cref="SealedStreams"/>.</summary>
    public const int MaximumPlaintextBytes = 64 * 1024 * 1024;

    public static void WriteNamed(Span<byte> header, byte suite, uint generation, ReadOnlySpan<byte> messageId)
    {
        header[0] = Version1;
        header[1] = suite;
        BinaryPrimitives.WriteUInt32BigEndian(header[GenerationAt..], generation);
        messageId.CopyTo(header[MessageIdAt..]);
    }

    public static uint Generation(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32BigEndian(header[GenerationAt..]);
}
