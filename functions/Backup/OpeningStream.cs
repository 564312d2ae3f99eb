using System.Security.Cryptography;
using PracticPro.Vault;

namespace PracticPro.Backup;

/// <summary>
/// Opens the runs behind a piece's header. What it gives out is authentic, run by run; that nothing is missing is known
/// once it ended. Bytes that were changed, moved or cut throw <see cref="PieceNotAuthenticException"/>.
/// </summary>
internal sealed class OpeningStream : Stream
{
    private readonly Stream source;
    private readonly AesGcm cipher;
    private readonly byte[] frontHash;
    private byte[] current = new byte[PieceFormat.RunBytes + PieceFormat.TagBytes];
    private byte[] next = new byte[PieceFormat.RunBytes + PieceFormat.TagBytes];
    private int nextLength;
    private int given;
    private int opened;
    private long run;
    private bool ended;

    public OpeningStream(Stream source, SecretBytes key, byte[] frontHash)
    {
        (this.source, this.frontHash) = (source, frontHash);
        cipher = new AesGcm(key.Reveal("to open a piece"), PieceFormat.TagBytes);
        nextLength = source.ReadAtLeast(next, next.Length, throwOnEndOfStream: false);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (given == opened && !ended)
        {
            OpenRun();
        }

        var taken = Math.Min(buffer.Length, opened - given);
        current.AsSpan(given, taken).CopyTo(buffer);
        given += taken;
        return taken;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void OpenRun()
    {
        (current, next) = (next, current);
        var length = nextLength - PieceFormat.TagBytes;
        nextLength = source.ReadAtLeast(next, next.Length, throwOnEndOfStream: false);
        if (length < 0)
        {
            throw new PieceNotAuthenticException();
        }

        ended = nextLength == 0;
        Span<byte> nonce = stackalloc byte[12];
        PieceFormat.Nonce(nonce, run++, ended);
        try
        {
            var bytes = current.AsSpan(0, length);
            cipher.Decrypt(nonce, bytes, current.AsSpan(length, PieceFormat.TagBytes), bytes, frontHash);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new PieceNotAuthenticException();
        }

        (given, opened) = (0, length);
    }
}

/// <summary>A piece of a backup is not what was written: changed, cut, or sealed under another key.</summary>
internal sealed class PieceNotAuthenticException() : Exception("A piece of the backup is not what was written.");
