namespace PracticPro.Vault;

/// <summary>
/// The bytes of a sealed stream: the header of <see cref="SealedFormat"/> with suite 2, then frames. Offsets and sizes in
/// bytes.
/// <code>
///  0          70                              65,622                                         n
///  +----------+-----------------------+-------+-----------------------+-----+----------------+-----+
///  | header   | ciphertext 65,536     | tag 16| ciphertext 65,536     | tag | 0 – 65,536     | tag |
///  +----------+-----------------------+-------+-----------------------+-----+----------------+-----+
///             |&lt;-------- frame 0 ------------&gt;|&lt;-------- frame 1 ----------&gt;|&lt;---- last ----&gt;|
///  nonce of a frame: 0 0 0 | number of the frame (8, big-endian) | 1 for the last one, else 0
/// </code>
/// Message key, commitment and associated data are those of suite 1; the suite's byte is in what the key is derived from, so
/// no piece of the one opens as the other. Only the last frame may be short, and it is empty only in an empty message.
/// <para>
/// Numbers in the nonces find frames that were swapped, repeated or left out; the mark of the last one finds a cut at a
/// frame's edge; another message has another key. This is STREAM of Hoang, Reyhanitabar, Rogaway and Vizár ("Online
/// Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015). No nonce comes twice under a key, since the key
/// is this message's alone.
/// </para>
/// </summary>
internal static class SealedStreamFormat
{
    /// <summary>Suite 1 in frames of 64 KiB.</summary>
    public const byte Suite2 = 2;

    /// <summary>Plaintext of a whole frame.</summary>
    public const int FrameBytes = 64 * 1024;

    public const int SealedFrameBytes = FrameBytes + SealedFormat.TagBytes;

    public const int NonceBytes = MessageCipher.NonceBytes;

    public const int CounterAt = 3;

    /// <summary>2^32 frames are 256 TiB.</summary>
    public const ulong MaximumFrames = 1UL << 32;

    /// <summary>How long a sealed stream is.</summary>
    public static long SealedLength(long plaintext) =>
        SealedFormat.HeaderBytes + plaintext + (SealedFormat.TagBytes * Math.Max(1, (plaintext + FrameBytes - 1) / FrameBytes));

    /// <summary>
    /// How long the content of a sealed stream of that length would be; null for a length that no sealed stream has. A claim
    /// only, until the last frame has opened as the last one: see <see cref="SeekableFrames"/>.
    /// </summary>
    public static long? PlainLength(long sealedLength)
    {
        var body = sealedLength - SealedFormat.HeaderBytes;
        var last = (body - 1) / SealedFrameBytes;
        var lastBytes = body - (last * SealedFrameBytes) - SealedFormat.TagBytes;
        var isPossible = body > 0 && (ulong)last < MaximumFrames && (last > 0 ? lastBytes > 0 : lastBytes >= 0);
        return isPossible ? (last * FrameBytes) + lastBytes : null;
    }
}
