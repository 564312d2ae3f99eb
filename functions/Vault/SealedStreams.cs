using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Seals and opens what is too long to be held: streams are turned frame by frame, and never more than two frames lie in
/// memory. Both are read forward only, once, by one reader. See <see cref="SealedStreamFormat"/>.
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
        try
        {
            var header = new byte[SealedFormat.HeaderBytes];
            var read = await value.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation);
            var begun = keys.BeginOpening(purpose, context, header.AsSpan(0, read));
            if (begun.Try(out var frames, out var why))
            {
                return Opened(frames, value);
            }

            await value.DisposeAsync();
            return why;
        }
        catch
        {
            await value.DisposeAsync();
            throw;
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
