using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Key bytes. They lie in memory the collector never moves, so that no stray copy is left behind, and are zeroed on
/// dispose. Prints as <c>***</c>, has no JSON form, is compared in constant time.
/// </summary>
[JsonConverter(typeof(NeverJson<SecretBytes>))]
internal sealed class SecretBytes : IDisposable, IEquatable<SecretBytes>
{
    private readonly byte[] bytes;
    private volatile bool disposed;

    public SecretBytes(ReadOnlySpan<byte> source)
    {
        bytes = GC.AllocateArray<byte>(source.Length, pinned: true);
        source.CopyTo(bytes);
    }

    private SecretBytes(int length)
    {
        bytes = GC.AllocateArray<byte>(length, pinned: true);
        RandomNumberGenerator.Fill(bytes);
    }

    public int Length => bytes.Length;

    /// <summary>True from the moment on from which it can be zero.</summary>
    public bool IsZeroed
    {
        get
        {
            Interlocked.MemoryBarrier();
            return disposed;
        }
    }

    public static SecretBytes Random(int length) => new(length);

    /// <summary>The bytes themselves.</summary>
    /// <param name="because">Why they are read here; kept for reviewers and searches, not used.</param>
    public ReadOnlySpan<byte> Reveal(string because) => RevealMemory(because).Span;

    /// <inheritdoc cref="Reveal"/>
    public ReadOnlyMemory<byte> RevealMemory(string because)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        ObjectDisposedException.ThrowIf(disposed, this);
        return bytes;
    }

    public bool Equals(SecretBytes? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Reveal("comparison"), other.Reveal("comparison"));

    public override bool Equals(object? obj) => Equals(obj as SecretBytes);

    // Equal for all, so that the hash tells nothing of the key.
    public override int GetHashCode() => 0;

    public void Dispose()
    {
        disposed = true;

        // The mark is seen by others before the first byte changes: whoever read a zeroed key can find out.
        Interlocked.MemoryBarrier();
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>
    /// To be called after a computation with the bytes: throws when they may have been zeroed during it. Otherwise
    /// a value could be sealed under a key of zeros.
    /// </summary>
    public void ThrowIfZeroedMeanwhile()
    {
        Interlocked.MemoryBarrier();
        ObjectDisposedException.ThrowIf(disposed, this);
    }

    public override string ToString() => "***";
}
