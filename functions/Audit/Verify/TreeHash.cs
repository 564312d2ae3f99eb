using System.Runtime.InteropServices;

namespace PracticPro.Audit.Verify;

/// <summary>
/// One SHA-256 value of a tree: a leaf, a node or a root. Always 32 bytes; equal when all of them are.
/// The default value is 32 zero bytes, which no input is known to hash to. Not secret, so compared without care for time.
/// </summary>
internal readonly struct TreeHash : IEquatable<TreeHash>
{
    public const int Length = 32;

    // The 32 bytes in memory order. Four words instead of an array, so that a list of hashes is one block.
    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (first, second, third, fourth) = (words[0], words[1], words[2], words[3]);
    }

    public static bool operator ==(TreeHash left, TreeHash right) => left.Equals(right);

    public static bool operator !=(TreeHash left, TreeHash right) => !left.Equals(right);

    /// <summary>Reads 64 lower-case hexadecimal digits; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        hash = default;
        if (hex.Length != 2 * Length || hex.ContainsAnyInRange((byte)'A', (byte)'F')
            || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = new TreeHash(bytes);
        return true;
    }

    /// <summary>Reads standard base64 as this type writes it: 44 characters, padded, spare bits zero.</summary>
    public static bool TryParseBase64(string text, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        hash = default;
        if (text.Length != 44 || !Convert.TryFromBase64String(text, bytes, out var written) || written != Length)
        {
            return false;
        }

        hash = new TreeHash(bytes[..Length]);

        // Decoders let spare bits and inner blanks pass. Two spellings of one root would be an edit nobody finds.
        return hash.ToBase64() == text;
    }

    public void CopyTo(Span<byte> target) =>
        MemoryMarshal.AsBytes<ulong>([first, second, third, fourth]).CopyTo(target);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public string ToBase64() => Convert.ToBase64String(ToArray());

    public bool Equals(TreeHash other) =>
        first == other.first && second == other.second && third == other.third && fourth == other.fourth;

    public override bool Equals(object? obj) => obj is TreeHash other && Equals(other);

    // A part of a SHA-256 value is spread well enough for a table.
    public override int GetHashCode() => first.GetHashCode();

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
