using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Opened content. Prints as <c>***</c>, has no JSON form, is compared in constant time, and is zeroed on dispose;
/// after that it cannot be read. Owned by whoever opened it. Not for keys: those are <see cref="SecretBytes"/>.
/// </summary>
[JsonConverter(typeof(NeverJson<PlainBytes>))]
internal sealed class PlainBytes : IDisposable, IEquatable<PlainBytes>
{
    private byte[]? bytes;

    /// <summary>Takes the array over: nobody else may keep it.</summary>
    internal PlainBytes(byte[] owned) => bytes = owned;

    public ReadOnlySpan<byte> Span => Held;

    public ReadOnlyMemory<byte> Memory => Held;

    public int Length => Held.Length;

    private byte[] Held => bytes ?? throw new ObjectDisposedException(nameof(PlainBytes));

    public bool Equals(PlainBytes? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Span, other.Span);

    public override bool Equals(object? obj) => Equals(obj as PlainBytes);

    // Equal for all, so that the hash tells nothing of the content.
    public override int GetHashCode() => 0;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref bytes, null) is { } held)
        {
            CryptographicOperations.ZeroMemory(held);
        }
    }

    public override string ToString() => "***";
}
