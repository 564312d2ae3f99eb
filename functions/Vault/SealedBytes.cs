namespace PracticPro.Vault;

/// <summary>
/// Bytes as <see cref="SealedFormat"/> draws them, or a claim to be that: holding some proves nothing until they open.
/// May be stored, sent and logged. Equal by content.
/// </summary>
internal readonly struct SealedBytes(ReadOnlyMemory<byte> bytes) : IEquatable<SealedBytes>
{
    public ReadOnlyMemory<byte> Memory => bytes;

    public ReadOnlySpan<byte> Span => bytes.Span;

    public int Length => bytes.Length;

    public static bool operator ==(SealedBytes left, SealedBytes right) => left.Equals(right);

    public static bool operator !=(SealedBytes left, SealedBytes right) => !left.Equals(right);

    public bool Equals(SealedBytes other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is SealedBytes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => $"sealed, {Length} bytes";
}
