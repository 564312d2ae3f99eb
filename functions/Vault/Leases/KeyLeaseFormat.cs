using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace PracticPro.Vault.Leases;

/// <summary>
/// The bytes of a lease, version 1. Numbers are big-endian; offsets and sizes in bytes; a text is its length (2), then UTF-8.
/// <code>
///  0       1       2                6              6 + s              71 + s       103 + s
///  +-------+-------+----------------+--------------+------------------+------------+----------------+--------+
///  |version| suite | length of terms| terms        | one-time key     | commitment | ciphertext     | tag    |
///  |   1   |   1   |       4        |      s       |       65         |     32     | see plaintext  |   16   |
///  +-------+-------+----------------+--------------+------------------+------------+----------------+--------+
///  |&lt;----- associated data: all in front of the ciphertext ---------------------->|
///
///  terms     = tenant | lease id | session's public key (65) | not before (8) | not after (8) | scope
///  scope     = 1 | purpose | count (4) | generation (4), ascending, ...                  a whole purpose
///            = 2 | count (4) | value, ...                                                chosen values
///  value     = purpose | kind | id | field | schema (4) | generation (4) | header of the sealed value (70)
///  plaintext = a data key (64) for each generation, or a message key (32) for each value, in the scope's order
///
///  agreed    = ECDH over P-256 of one-time key and session's key: the X coordinate (32)
///  derived   = HKDF-SHA512(agreed, no salt, "practicpro lease 1" | one-time key | session's key)    64
///  key, commitment = derived[0–31], derived[32–63]
/// </code>
/// Times are Unix milliseconds. The cipher is AES-256-GCM with a nonce of zeros: the one-time key pair is made for this wrap
/// and thrown away, so its derived key encrypts one message (NIST SP 800-38D section 8). The scheme is the one of RFC 9180
/// (base mode) in our own encoding; both public keys go into the derivation as there, so that a wrap is bound to them.
/// </summary>
internal static class KeyLeaseFormat
{
    public const byte Version1 = 1;

    /// <summary>ECDH P-256, HKDF-SHA512, AES-256-GCM, 32-byte commitment.</summary>
    public const byte Suite3 = 3;

    public const int TermsAt = 6;
    public const int CommitmentBytes = 32;

    /// <summary>One-time key, commitment, tag.</summary>
    public const int WrapOverheadBytes = SessionKey.PublicBytes + CommitmentBytes + SealedFormat.TagBytes;

    public const int MessageKeyBytes = 32;

    public const byte WholeScope = 1;
    public const byte ChosenScope = 2;

    /// <summary>Version, suite, length and terms: everything that is known before the wrap is made.</summary>
    public static byte[] Head(KeyLeaseTerms terms)
    {
        var writer = new ArrayBufferWriter<byte>(1024);
        writer.Write<byte>([Version1, Suite3, 0, 0, 0, 0]);
        writer.Write(SealContext.Prefixed(terms.Tenant.Text));
        writer.Write(SealContext.Prefixed(terms.Id.Text));
        writer.Write(terms.Session.Span);
        WriteNumber(writer, terms.NotBefore.ToUnixTimeMilliseconds());
        WriteNumber(writer, terms.NotAfter.ToUnixTimeMilliseconds());
        WriteScope(writer, terms.Scope);
        var head = writer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(2), head.Length - TermsAt);
        return head;
    }

    /// <summary>Bytes the plaintext of a wrap has.</summary>
    public static int PlaintextBytes(KeyLeaseScope scope) => scope switch
    {
        KeyLeaseScope.Whole whole => whole.Generations.Length * DataKey.Bytes,
        KeyLeaseScope.Chosen chosen => chosen.Values.Length * MessageKeyBytes,
        _ => throw new ArgumentException("A scope of no known kind.", nameof(scope)),
    };

    /// <summary>False when these are not the bytes of a lease. That they are proves nothing until the wrap opens.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out KeyLease? lease)
    {
        lease = null;
        if (bytes.Length < TermsAt || bytes.Span[0] != Version1 || bytes.Span[1] != Suite3)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.Span[2..]);
        if (length < 0 || length > bytes.Length - TermsAt - WrapOverheadBytes)
        {
            return false;
        }

        var reader = new KeyLeaseReader(bytes.Slice(TermsAt, length));
        if (reader.TryTerms(out var terms)
            && bytes.Length == TermsAt + length + WrapOverheadBytes + PlaintextBytes(terms.Scope))
        {
            lease = new KeyLease(terms, bytes, TermsAt + length);
        }

        return lease is not null;
    }

    private static void WriteScope(ArrayBufferWriter<byte> writer, KeyLeaseScope scope)
    {
        switch (scope)
        {
            case KeyLeaseScope.Whole whole:
                writer.Write<byte>([WholeScope]);
                writer.Write(SealContext.Prefixed(whole.Purpose.Word()));
                WriteCount(writer, (uint)whole.Generations.Length);
                foreach (var generation in whole.Generations)
                {
                    WriteCount(writer, generation);
                }

                break;
            case KeyLeaseScope.Chosen chosen:
                writer.Write<byte>([ChosenScope]);
                WriteCount(writer, (uint)chosen.Values.Length);
                foreach (var value in chosen.Values)
                {
                    WriteValue(writer, value);
                }

                break;
            default:
                throw new ArgumentException("A scope of no known kind.", nameof(scope));
        }
    }

    private static void WriteValue(ArrayBufferWriter<byte> writer, LeasedValue value)
    {
        writer.Write(SealContext.Prefixed(value.Purpose.Word()));
        value.Place.Encode(value.Generation, writer.GetSpan(value.Place.EncodedBytes));
        writer.Advance(value.Place.EncodedBytes);
        writer.Write(value.Header.Span);
    }

    private static void WriteCount(ArrayBufferWriter<byte> writer, uint count)
    {
        BinaryPrimitives.WriteUInt32BigEndian(writer.GetSpan(4), count);
        writer.Advance(4);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> writer, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(writer.GetSpan(8), number);
        writer.Advance(8);
    }
}
