using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Seals and opens what is too long to be held: streams are turned frame by frame, and never more than two frames lie in
/// memory. They are read by one reader, forward only and once, but for <see cref="OpenSeekableAsync"/>. See <see cref="SealedStreamFormat"/>.
/// </summary>
internal static class SealedStreams
{
    /// <summary>
    /// The sealed form of a stream, read as it is asked for, under the purpose's newest key. Its length is
    /// <see cref="SealedStreamFormat.SealedLength"/>.
    /// </summary>
    /// <param name="plain">Stays its owner's: it is not closed.</param>
    public static Stream Seal(TenantKeys keys, Purpose purpose, SealContext context, Stream plain)
    {
        var frames = keys.BeginSealing(purpose, context);
        return new FrameStream(
            plain,
            SealedStreamFormat.FrameBytes,
            frames.Header,
            (frame, isLast, output) =>
            {
                var length = frame.Length + SealedFormat.TagBytes;
                frames.Seal(frame, isLast, output[..length]);
                return length;
            },
            ownedWith: [frames]);
    }

    /// <summary>
    /// The content of a sealed stream, if it was sealed for this tenant, purpose and place; else a failure of
    /// <see cref="VaultFailures"/>.
    /// </summary>
    /// <remarks>
    /// Each frame is verified before a byte of it is given, but that the stream is whole is known at its end only: what was
    /// read of a stream that then throws <see cref="TamperedStreamException"/> is a beginning and must not be kept.
    /// </remarks>
    /// <param name="value">Closed with the stream that is returned, or here when it does not open.</param>
    public static async ValueTask<Outcome<Stream>> OpenAsync(
        TenantKeys keys, Purpose purpose, SealContext context, Stream value, CancellationToken cancellation)
    {
        var begun = await BeginAsync(keys, purpose, context, value, cancellation);
        return begun.Try(out var frames, out var why) ? Opened(frames, value) : why;
    }

    /// <summary>
    /// The content of a sealed stream, to be read at any place; else a failure of <see cref="VaultFailures"/>. That the stream
    /// is whole is known as soon as this returns, by its last frame; every frame is verified before a byte of it is given.
    /// </summary>
    /// <param name="value">
    /// All of it, from its beginning, and one that can seek. Closed with the stream that is returned, or here when it does not
    /// open.
    /// </param>
    public static async ValueTask<Outcome<Stream>> OpenSeekableAsync(
        TenantKeys keys, Purpose purpose, SealContext context, Stream value, CancellationToken cancellation)
    {
        value.Position = 0;
        var begun = await BeginAsync(keys, purpose, context, value, cancellation);
        return begun.Try(out var frames, out var why) ? await SeekableFrames.OpenAsync(frames, value, cancellation) : why;
    }

    /// <summary>Opens by the header. The value is closed unless this succeeds.</summary>
    private static async ValueTask<Outcome<MessageFrames>> BeginAsync(
        TenantKeys keys, Purpose purpose, SealContext context, Stream value, CancellationToken cancellation)
    {
        var begun = false;
        try
        {
            var header = new byte[SealedFormat.HeaderBytes];
            var read = await value.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
            var outcome = keys.BeginOpening(purpose, context, header.AsSpan(0, read));
            begun = outcome.Succeeded;
            return outcome;
        }
        finally
        {
            if (!begun)
            {
                await value.DisposeAsync();
            }
        }
    }

    private static FrameStream Opened(MessageFrames frames, Stream value) => new(
        value,
        SealedStreamFormat.SealedFrameBytes,
        ReadOnlyMemory<byte>.Empty,
        (frame, isLast, output) =>
        {
            var length = frame.Length - SealedFormat.TagBytes;
            return length >= 0 && frames.TryOpen(frame, isLast, output[..length])
                ? length
                : throw new TamperedStreamException();
        },
        ownedWith: [frames, value]);
}
