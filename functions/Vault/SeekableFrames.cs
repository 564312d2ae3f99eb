using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// The content of a sealed stream, read at any place, with one frame of it and one sealed frame in memory. For one reader.
/// <para>
/// Its length follows from how many sealed bytes there are, and is believed only once the frame that would be the last one has
/// opened with its number and the last one's mark. Only whoever sealed could make such a frame, and made one: so a stream that
/// was cut, at whatever place, is refused before a byte is given, also to a reader of its beginning. Frames between are
/// verified as they are read. One that does not open ends all reading.
/// </para>
/// </summary>
internal sealed class SeekableFrames : RefusingStream
{
    private const int FrameBytes = SealedStreamFormat.FrameBytes;
    private const int SealedFrameBytes = SealedStreamFormat.SealedFrameBytes;

    private readonly MessageFrames frames;
    private readonly Stream source;
    private readonly long last;
    private readonly byte[] held = new byte[SealedFrameBytes];
    private readonly byte[] opened = new byte[FrameBytes];

    // The number of the frame that lies opened, or -1.
    private long openedFrame = -1;
    private long position;
    private bool disposed;
    private Exception? broken;

    private SeekableFrames(MessageFrames frames, Stream source, long length)
    {
        (this.frames, this.source, Length) = (frames, source, length);
        last = Math.Max(0, length - 1) / FrameBytes;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override long Length { get; }

    public override long Position
    {
        get => position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>
    /// <see cref="VaultFailures.NotAuthentic"/> when the source is not as long as the message it begins. Both are closed then,
    /// and also when this throws.
    /// </summary>
    public static async ValueTask<Outcome<Stream>> OpenAsync(MessageFrames frames, Stream source, CancellationToken cancellation)
    {
        SeekableFrames? opened = null;
        try
        {
            if (SealedStreamFormat.PlainLength(source.Length) is { } length)
            {
                var claimed = new SeekableFrames(frames, source, length);
                await claimed.LoadAsync(claimed.last, cancellation);
                opened = claimed;
            }
        }
        catch (TamperedStreamException)
        {
            // Told as a failure.
        }
        finally
        {
            if (opened is null)
            {
                frames.Dispose();
                await source.DisposeAsync();
            }
        }

        return opened is null ? new VaultFailures.NotAuthentic() : opened;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Wanted(buffer.Length) is { } number)
        {
            await LoadAsync(number, cancellationToken);
        }

        return Give(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        if (Wanted(buffer.Length) is { } number)
        {
            var frame = At(number);
            OpenHeld(number, source.ReadAtLeast(frame.Span, frame.Length, throwOnEndOfStream: false));
        }

        return Give(buffer);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var from = origin switch
        {
            SeekOrigin.Current => position,
            SeekOrigin.End => Length,
            _ => 0,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(from + offset, nameof(offset));
        return position = from + offset;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            broken = new ObjectDisposedException(nameof(SeekableFrames));
            CryptographicOperations.ZeroMemory(opened);
            frames.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The frame to be opened before anything can be given at this position; null when none is.</summary>
    private long? Wanted(int count)
    {
        if (broken is not null)
        {
            throw broken;
        }

        frames.ThrowIfRevoked();
        var number = position / FrameBytes;
        return count > 0 && position < Length && number != openedFrame ? number : null;
    }

    private async ValueTask LoadAsync(long number, CancellationToken cancellation)
    {
        var frame = At(number);
        OpenHeld(number, await source.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, cancellation));
    }

    /// <summary>Goes to a frame in the source, and says where to read it to.</summary>
    private Memory<byte> At(long number)
    {
        source.Position = SealedFormat.HeaderBytes + (number * SealedFrameBytes);
        return held.AsMemory(0, PlainBytesOf(number) + SealedFormat.TagBytes);
    }

    private int PlainBytesOf(long number) => (int)Math.Min(FrameBytes, Length - (number * FrameBytes));

    private void OpenHeld(long number, int read)
    {
        openedFrame = -1;
        var length = PlainBytesOf(number);
        if (read != length + SealedFormat.TagBytes
            || !frames.TryOpenAt((ulong)number, held.AsSpan(0, read), number == last, opened.AsSpan(0, length)))
        {
            throw broken = new TamperedStreamException();
        }

        openedFrame = number;
    }

    private int Give(Span<byte> buffer)
    {
        var given = (int)Math.Clamp(Length - position, 0, buffer.Length);
        if (given > 0)
        {
            var at = (int)(position % FrameBytes);
            given = Math.Min(given, FrameBytes - at);
            opened.AsSpan(at, given).CopyTo(buffer);
            position += given;
        }

        return given;
    }
}
