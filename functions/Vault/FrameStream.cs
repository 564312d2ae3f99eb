using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>What a frame becomes.</summary>
/// <returns>Bytes of the output that count.</returns>
internal delegate int FrameTurn(ReadOnlySpan<byte> frame, bool isLast, Span<byte> output);

/// <summary>
/// Reads a source frame by frame and gives what each becomes. It reads one byte further than a frame, which is how it knows
/// the last one. Once a turn or a read of the source has failed, every further read fails: a broken stream never looks like one
/// that ended, and what was read before a failure is never sealed as if it were all.
/// </summary>
internal sealed class FrameStream : RefusingStream
{
    private readonly Stream source;
    private readonly int frameBytes;
    private readonly FrameTurn turn;
    private readonly IDisposable[] ownedWith;

    // One frame of the source and the byte after it.
    private readonly byte[] held;

    // What the frame before became, of which some is given already. Room for a frame and a tag, whichever way it goes.
    private readonly byte[] turned;
    private ReadOnlyMemory<byte> ready;
    private int heldBytes;
    private bool ended;
    private bool disposed;
    private Exception? broken;

    /// <param name="lead">Comes before everything that is turned.</param>
    /// <param name="ownedWith">Disposed with this stream.</param>
    public FrameStream(Stream source, int frameBytes, ReadOnlyMemory<byte> lead, FrameTurn turn, IDisposable[] ownedWith)
    {
        (this.source, this.frameBytes, ready, this.turn, this.ownedWith) = (source, frameBytes, lead, turn, ownedWith);
        held = new byte[frameBytes + 1];
        turned = new byte[frameBytes + MessageCipher.TagBytes];
    }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (NeedsMore(buffer.Length))
        {
            try
            {
                while (heldBytes < held.Length && await source.ReadAsync(held.AsMemory(heldBytes), cancellationToken) is var read and > 0)
                {
                    heldBytes += read;
                }
            }
            catch (Exception failed)
            {
                broken ??= failed;
                throw;
            }

            TurnHeld();
        }

        return Give(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        while (NeedsMore(buffer.Length))
        {
            try
            {
                while (heldBytes < held.Length && source.Read(held.AsSpan(heldBytes)) is var read and > 0)
                {
                    heldBytes += read;
                }
            }
            catch (Exception failed)
            {
                broken ??= failed;
                throw;
            }

            TurnHeld();
        }

        return Give(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            broken = new ObjectDisposedException(nameof(FrameStream));
            CryptographicOperations.ZeroMemory(held);
            CryptographicOperations.ZeroMemory(turned);
            Array.ForEach(ownedWith, static owned => owned.Dispose());
        }

        base.Dispose(disposing);
    }

    private bool NeedsMore(int wanted)
    {
        if (broken is not null)
        {
            throw broken;
        }

        return wanted > 0 && ready.IsEmpty && !ended;
    }

    private void TurnHeld()
    {
        var isLast = heldBytes <= frameBytes;
        var frame = held.AsSpan(0, Math.Min(heldBytes, frameBytes));
        try
        {
            ready = turned.AsMemory(0, turn(frame, isLast, turned));
        }
        catch (Exception failed)
        {
            broken = failed;
            throw;
        }

        (held[0], heldBytes, ended) = isLast ? ((byte)0, 0, true) : (held[frameBytes], 1, false);
    }

    private int Give(Span<byte> buffer)
    {
        var given = Math.Min(buffer.Length, ready.Length);
        ready.Span[..given].CopyTo(buffer);
        ready = ready[given..];
        return given;
    }
}
