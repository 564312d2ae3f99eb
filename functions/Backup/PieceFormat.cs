using System.Buffers.Binary;
using System.Security.Cryptography;
using PracticPro.Vault;

namespace PracticPro.Backup;

/// <summary>
/// The bytes of a piece, version 1. Numbers are big-endian; offsets and sizes in bytes.
/// <code>
///  0          8          12           12+n
///  +----------+----------+------------+-----------------------------+-----+----------------------------+
///  | PrPback1 | n        | header     | ciphertext 2^20 | tag 16    | …   | ciphertext 0–2^20 | tag 16 |
///  +----------+----------+------------+-----------------------------+-----+----------------------------+
/// </code>
/// Each run is AES-256-GCM under the piece's own key, with SHA-256 of bytes 0 to 12+n as associated data and the nonce
/// <c>number of the run (8) | 0 (3) | 1 if it is the last, else 0 (1)</c>. A key seals one piece, so no nonce occurs twice
/// under it (NIST SP 800-38D section 8); runs cannot be reordered, and a piece that was cut has no last run.
/// </summary>
internal static class PieceFormat
{
    public const int KeyBytes = MessageCipher.KeyBytes;
    public const int RunBytes = 1 << 20;
    private const int MostHeaderBytes = 64 << 10;

    private static ReadOnlySpan<byte> Magic => "PrPback1"u8;

    /// <summary>Writes a whole piece and gives back SHA-256 of its bytes, in hexadecimal.</summary>
    public static string Write(Stream target, PieceHeader header, SecretBytes key, Action<Stream> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var json = header.ToUtf8();
        byte[] front = [.. Magic, .. new byte[4], .. json];
        BinaryPrimitives.WriteInt32BigEndian(front.AsSpan(Magic.Length), json.Length);
        hash.AppendData(front);
        target.Write(front);
        using (var runs = new SealingStream(target, hash, key, SHA256.HashData(front)))
        {
            content(runs);
            runs.Complete();
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The header, and what authenticates it with the content; null when this is no piece.</summary>
    public static (PieceHeader Header, byte[] FrontHash)? ReadFront(Stream piece)
    {
        var start = new byte[Magic.Length + 4];
        if (piece.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
            || !start.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(Magic.Length)) is not (> 0 and <= MostHeaderBytes and var length))
        {
            return null;
        }

        var json = new byte[length];
        return piece.ReadAtLeast(json, length, throwOnEndOfStream: false) == length && PieceHeader.TryParse(json) is { } header
            ? (header, SHA256.HashData([.. start, .. json]))
            : null;
    }

    /// <summary>
    /// Opens the runs behind a piece's header. What it gives out is authentic, run by run; that nothing is missing is known
    /// once it ended. Bytes that were changed, moved or cut throw <see cref="PieceNotAuthenticException"/>.
    /// </summary>
    /// <param name="runs">Closed with the stream that is returned.</param>
    public static Stream Open(Stream runs, SecretBytes key, byte[] frontHash)
    {
        var cipher = MessageCipher.Under(key.Reveal("to open a piece"));
        var run = 0L;
        return new FrameStream(
            runs,
            RunBytes + MessageCipher.TagBytes,
            ReadOnlyMemory<byte>.Empty,
            (bytes, isLast, output) =>
            {
                Span<byte> nonce = stackalloc byte[MessageCipher.NonceBytes];
                Nonce(nonce, run++, isLast);
                var length = bytes.Length - MessageCipher.TagBytes;
                return length >= 0 && cipher.TryDecrypt(nonce, bytes, output[..length], frontHash)
                    ? length
                    : throw new PieceNotAuthenticException();
            },
            ownedWith: [cipher, runs]);
    }

    internal static void Nonce(Span<byte> nonce, long run, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce, run);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}

/// <summary>A piece of a backup is not what was written: changed, cut, or sealed under another key.</summary>
internal sealed class PieceNotAuthenticException() : Exception("A piece of the backup is not what was written.");
