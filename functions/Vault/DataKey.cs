using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Vault;

/// <summary>
/// One generation of one purpose's key, unwrapped: 64 uniformly random bytes. It never encrypts anything itself; it
/// only derives message keys. Safe to use from many threads. After dispose every derivation throws.
/// </summary>
/// <param name="sealsFrom">When it begins to seal; null for at once. It opens from the first.</param>
internal sealed class DataKey(uint generation, SecretBytes key, DateTimeOffset? sealsFrom = null) : IDisposable
{
    /// <summary>The hash length of SHA-512, which is what HKDF-Expand asks of its key (RFC 5869 section 2.3).</summary>
    public const int Bytes = 64;

    public const int DerivedBytes = 64;

    private static readonly byte[] Label = Encoding.ASCII.GetBytes("practicpro seal 1");

    // A keyed HMAC instance keeps both padded key blocks hashed, which halves the cost of the next use. One is kept a
    // processor; whoever finds the place empty makes a new one.
    private readonly IncrementalHash?[] spares = new IncrementalHash?[Math.Min(Environment.ProcessorCount, 16)];

    public uint Generation { get; } = generation;

    public DateTimeOffset SealsFrom { get; } = sealsFrom ?? DateTimeOffset.UnixEpoch;

    /// <summary>
    /// The first block of HKDF-Expand, <c>T(1) = HMAC-SHA512(key, label | named | 0x01)</c>: bytes 0–31 are the message
    /// key, 32–63 its commitment. The extract step is left out because the key is uniformly random already
    /// (RFC 5869 section 3.3), and one block is all the output needed.
    /// </summary>
    /// <param name="named">The first <see cref="SealedFormat.NamedBytes"/> bytes of the header.</param>
    public void Derive(ReadOnlySpan<byte> named, Span<byte> derived)
    {
        Span<byte> info = stackalloc byte[Label.Length + SealedFormat.NamedBytes + 1];
        Label.CopyTo(info);
        named.CopyTo(info[Label.Length..]);
        info[^1] = 1;

        ref var spare = ref spares[Thread.GetCurrentProcessorId() % spares.Length];
        var mac = Interlocked.Exchange(ref spare, null) ?? Make();
        mac.AppendData(info);
        mac.GetHashAndReset(derived);
        if (Interlocked.CompareExchange(ref spare, mac, null) is not null)
        {
            mac.Dispose();
        }

        // One that was put back after the key was disposed would keep the key in the library's memory: whoever put it there
        // takes it out again.
        if (key.IsZeroed)
        {
            Interlocked.Exchange(ref spare, null)?.Dispose();
            CryptographicOperations.ZeroMemory(derived);
        }

        key.ThrowIfZeroedMeanwhile();
    }

    /// <summary>Keyed computations that are kept for the next use; none once the key is disposed and its users are done.</summary>
    internal int Spares => spares.Count(static spare => spare is not null);

    /// <summary>The key itself, for a lease of its whole purpose. Nobody else takes it out.</summary>
    internal void CopyKeyTo(Span<byte> destination)
    {
        key.Reveal("to wrap it for a session with a lease").CopyTo(destination);
        key.ThrowIfZeroedMeanwhile();
    }

    public void Dispose()
    {
        key.Dispose();
        for (var at = 0; at < spares.Length; at++)
        {
            Interlocked.Exchange(ref spares[at], null)?.Dispose();
        }
    }

    private IncrementalHash Make() =>
        IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, key.Reveal("to derive message keys"));
}
