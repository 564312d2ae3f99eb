using System.Security.Cryptography;
using PracticPro.Vault;

namespace PracticPro.Backup;

/// <summary>Seals what is written to it in runs, as <see cref="PieceFormat"/> draws them.</summary>
internal sealed class SealingStream(Stream target, IncrementalHash hash, SecretBytes key, byte[] frontHash) : Stream
{
    private readonly AesGcm cipher = new(key.Reveal("to seal a piece"), PieceFormat.TagBytes);
    private readonly byte[] plain = new byte[PieceFormat.RunBytes];
    private readonly byte[] sealedRun = new byte[PieceFormat.RunBytes + PieceFormat.TagBytes];
    private int filled;
    private long run;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Seals what is left as the last run. Without it the piece is not whole.</summary>
    public void Complete() => SealRun(isLast: true);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (filled == plain.Length)
            {
                SealRun(isLast: false);
            }

            var taken = Math.Min(buffer.Length, plain.Length - filled);
            buffer[..taken].CopyTo(plain.AsSpan(filled));
            filled += taken;
            buffer = buffer[taken..];
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }

        base.Dispose(disposing);
    }

    private void SealRun(bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        PieceFormat.Nonce(nonce, run++, isLast);
        cipher.Encrypt(
            nonce, plain.AsSpan(0, filled), sealedRun.AsSpan(0, filled), sealedRun.AsSpan(filled, PieceFormat.TagBytes), frontHash);
        var bytes = sealedRun.AsSpan(0, filled + PieceFormat.TagBytes);
        hash.AppendData(bytes);
        target.Write(bytes);
        filled = 0;
    }
}
