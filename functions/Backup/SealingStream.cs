using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Backup;

/// <summary>Seals what is written to it in runs, as <see cref="PieceFormat"/> draws them.</summary>
internal sealed class SealingStream(Stream target, IncrementalHash hash, SecretBytes key, byte[] frontHash) : RefusingStream
{
    private readonly MessageCipher cipher = MessageCipher.Under(key.Reveal("to seal a piece"));
    private readonly byte[] plain = new byte[PieceFormat.RunBytes];
    private readonly byte[] sealedRun = new byte[PieceFormat.RunBytes + MessageCipher.TagBytes];
    private int filled;
    private long run;

    public override bool CanWrite => true;

    /// <summary>Seals what is left as the last run. Without it the piece is not whole.</summary>
    public void Complete() => SealRun(isLast: true);

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
        Span<byte> nonce = stackalloc byte[MessageCipher.NonceBytes];
        PieceFormat.Nonce(nonce, run++, isLast);
        var bytes = sealedRun.AsSpan(0, filled + MessageCipher.TagBytes);
        cipher.Encrypt(nonce, plain.AsSpan(0, filled), bytes, frontHash);
        hash.AppendData(bytes);
        target.Write(bytes);
        filled = 0;
    }
}
