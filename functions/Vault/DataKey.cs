using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Vault;

/// <summary>
/// One generation of one purpose's key, unwrapped: 64 uniformly random bytes. It never encrypts anything itself; it
/// only derives message keys. Safe to use from many threads. A use after it was disposed, or in the middle of which it was,
/// throws <see cref="KeysExpiredException"/>.
/// </summary>
/// <param name="sealsFrom">When it begins to seal; null for at once. It opens from the first.</param>
internal sealed class DataKey(uint generation, SecretBytes key, DateTimeOffset? sealsFrom = null) : IDisposable
{
    /// <summary>The hash length of SHA-512, which is what HKDF-Expand asks of its key (RFC 5869 section 2.3).</summary>
    public const int Bytes = 64;

    public const int DerivedBytes = 64;

    private static readonly byte[] Label = Encoding.ASCII.GetBytes("practicpro seal 1");

    private readonly SecretBytes key = key;
    private readonly KeyedHash hash = new(key);

    public uint Generation { get; } = generation;

    public DateTimeOffset SealsFrom { get; } = sealsFrom ?? DateTimeOffset.UnixEpoch;

    /// <summary>
    /// What a message is sealed with, <see cref="Expand"/> of <c>label | named</c>: bytes 0–31 are the message key, 32–63 its
    /// commitment.
    /// </summary>
    /// <param name="named">The first <see cref="SealedFormat.NamedBytes"/> bytes of the header.</param>
    public void Derive(ReadOnlySpan<byte> named, Span<byte> derived)
    {
        Span<byte> info = stackalloc byte[Label.Length + SealedFormat.NamedBytes];
        Label.CopyTo(info);
        named.CopyTo(info[Label.Length..]);
        Expand(info, derived);
    }

    /// <summary>
    /// HKDF-Expand with SHA-512 for at most one block, <c>T(1) = HMAC-SHA512(key, info | 0x01)</c> (RFC 5869 section 2.3). The
    /// extract step is left out because the key is uniformly random already (section 3.3).
    /// </summary>
    /// <param name="output">1–64 bytes.</param>
    internal void Expand(ReadOnlySpan<byte> info, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, DerivedBytes);
        Span<byte> numbered = info.Length < 128 ? stackalloc byte[info.Length + 1] : new byte[info.Length + 1];
        info.CopyTo(numbered);
        numbered[^1] = 1;
        Span<byte> block = stackalloc byte[KeyedHash.Bytes];
        hash.Compute(numbered, block);
        block[..output.Length].CopyTo(output);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <inheritdoc cref="KeyedHash.Spares"/>
    internal int Spares => hash.Spares;

    /// <summary>The key itself, for a lease of its whole purpose. Nobody else takes it out.</summary>
    internal void CopyKeyTo(Span<byte> destination)
    {
        try
        {
            key.Reveal("to wrap it for a session with a lease").CopyTo(destination);
            key.ThrowIfZeroedMeanwhile();
        }
        catch (ObjectDisposedException)
        {
            throw new KeysExpiredException();
        }
    }

    public void Dispose() => hash.Dispose();
}
