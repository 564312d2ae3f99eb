using System.Security.Cryptography;

namespace PracticPro.Vault;

/// <summary>
/// HMAC-SHA512 under one key that it owns. Safe to use from many threads. A use after it was disposed, or in the middle of
/// which it was, throws <see cref="KeysExpiredException"/>.
/// </summary>
internal sealed class KeyedHash(SecretBytes key) : IDisposable
{
    public const int Bytes = 64;

    // A keyed instance keeps both padded key blocks hashed, which halves the cost of the next use, and looking the algorithm up
    // costs as much again. One is kept a processor; whoever finds the place empty makes a new one.
    private readonly IncrementalHash?[] spares = new IncrementalHash?[Math.Min(Environment.ProcessorCount, 16)];

    /// <summary>Keyed computations that are kept for the next use; none once the key is disposed and its users are done.</summary>
    public int Spares => spares.Count(static spare => spare is not null);

    /// <param name="hash">Takes <see cref="Bytes"/> bytes; zeros after a failure.</param>
    public void Compute(ReadOnlySpan<byte> message, Span<byte> hash)
    {
        try
        {
            ComputeHeld(message, hash);
        }
        catch (ObjectDisposedException)
        {
            CryptographicOperations.ZeroMemory(hash);
            throw new KeysExpiredException();
        }
    }

    public void Dispose()
    {
        key.Dispose();
        for (var at = 0; at < spares.Length; at++)
        {
            Interlocked.Exchange(ref spares[at], null)?.Dispose();
        }
    }

    private void ComputeHeld(ReadOnlySpan<byte> message, Span<byte> hash)
    {
        ref var spare = ref spares[Thread.GetCurrentProcessorId() % spares.Length];
        var mac = Interlocked.Exchange(ref spare, null) ?? Make();
        mac.AppendData(message);
        mac.GetHashAndReset(hash);
        if (Interlocked.CompareExchange(ref spare, mac, null) is not null)
        {
            mac.Dispose();
        }

        // One that was put back after the key was disposed would keep the key in the library's memory: whoever put it there
        // takes it out again.
        if (key.IsZeroed)
        {
            Interlocked.Exchange(ref spare, null)?.Dispose();
        }

        key.ThrowIfZeroedMeanwhile();
    }

    private IncrementalHash Make() =>
        IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, key.Reveal("to hash and to derive with it"));
}
