using System.Buffers.Binary;

namespace PracticPro.Vault;

/// <summary>
/// One message in frames, being sealed or being opened: its key, its place, and the number of the next frame, as
/// <see cref="SealedStreamFormat"/> draws them. It holds the key of this message alone, so it may outlive the handle it was
/// begun with; a revocation ends it all the same. For one thread.
/// </summary>
internal sealed class MessageFrames : IDisposable
{
    private readonly HeldKeys keys;
    private readonly long begunAt;
    private readonly byte[] associated;
    private readonly MessageCipher cipher;
    private ulong next;

    /// <param name="messageKey">Zeroed here.</param>
    internal MessageFrames(HeldKeys keys, byte[] header, byte[] associated, Span<byte> messageKey)
    {
        (this.keys, Header, this.associated) = (keys, header, associated);
        cipher = new MessageCipher(messageKey);
        begunAt = keys.Now;
    }

    /// <summary>The message's header, which stands before its first frame.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <param name="output">As long as the frame and a tag.</param>
    /// <exception cref="KeysExpiredException">Revoked, or begun longer ago than a stream may take.</exception>
    public void Seal(ReadOnlySpan<byte> frame, bool isLast, Span<byte> output)
    {
        keys.ThrowIfRevoked();
        keys.ThrowIfTooLongAgo(begunAt);
        Span<byte> nonce = stackalloc byte[SealedStreamFormat.NonceBytes];
        WriteNonce(nonce, next++, isLast);
        cipher.Encrypt(nonce, frame, output, associated);
    }

    /// <summary>False when it is not the next frame of this message, or not last where it must be or the reverse.</summary>
    /// <param name="plaintext">As long as the frame less a tag.</param>
    public bool TryOpen(ReadOnlySpan<byte> frame, bool isLast, Span<byte> plaintext) =>
        TryOpenAt(next++, frame, isLast, plaintext);

    /// <summary>The same for the frame of that number, from 0. Opening may be done in any order; sealing may not.</summary>
    public bool TryOpenAt(ulong number, ReadOnlySpan<byte> frame, bool isLast, Span<byte> plaintext)
    {
        keys.ThrowIfRevoked();
        Span<byte> nonce = stackalloc byte[SealedStreamFormat.NonceBytes];
        WriteNonce(nonce, number, isLast);
        return cipher.TryDecrypt(nonce, frame, plaintext, associated);
    }

    /// <inheritdoc cref="HeldKeys.ThrowIfRevoked"/>
    public void ThrowIfRevoked() => keys.ThrowIfRevoked();

    public void Dispose() => cipher.Dispose();

    private static void WriteNonce(Span<byte> nonce, ulong number, bool isLast)
    {
        if (number >= SealedStreamFormat.MaximumFrames)
        {
            throw new InvalidOperationException("A sealed stream has too many frames.");
        }

        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[SealedStreamFormat.CounterAt..], number);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
