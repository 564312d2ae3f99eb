using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PracticPro.Vault;

/// <summary>
/// Where a sealed value belongs. Together with tenant, purpose and key generation it is the associated data: a value
/// that strays to another place does not open. Every part is required; an empty or over-long one is refused at once.
/// Not secret, and not stored with the value: whoever opens must know the place.
/// </summary>
internal sealed record SealContext
{
    /// <summary>Longest UTF-8 form of one part.</summary>
    public const int MaximumPartBytes = 1024;

    // Unpaired surrogates have no UTF-8 form. Replacing them would let two places share one encoding.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly int encodedBytes;

    /// <param name="Kind">What sort of thing holds the value, such as a document kind.</param>
    /// <param name="Id">Which one of them.</param>
    /// <param name="Field">Which part of it.</param>
    /// <param name="Schema">Which shape the plaintext has, from 1.</param>
    public SealContext(string Kind, string Id, string Field, int Schema)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Schema, 1);
        (this.Kind, this.Id, this.Field, this.Schema) = (Kind, Id, Field, Schema);
        encodedBytes = Measured(Kind, nameof(Kind)) + Measured(Id, nameof(Id)) + Measured(Field, nameof(Field)) + 8;
    }

    public string Kind { get; }

    public string Id { get; }

    public string Field { get; }

    public int Schema { get; }

    /// <summary>Bytes <see cref="Encode"/> writes.</summary>
    internal int EncodedBytes => encodedBytes;

    /// <summary>A text as it stands in canonical encodings: length (2 bytes, big-endian), then UTF-8.</summary>
    internal static byte[] Prefixed(string part)
    {
        var bytes = new byte[Measured(part, nameof(part))];
        WritePart(part, bytes);
        return bytes;
    }

    /// <summary>The text of these bytes; false when they are not well-formed UTF-8.</summary>
    internal static bool TryText(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = Strict.GetString(utf8);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }

    /// <summary>
    /// Writes kind, id and field, each behind its own length, then schema and generation (4 bytes each, big-endian).
    /// No two contexts share an encoding: lengths stand before texts, and the numbers have a fixed width.
    /// </summary>
    internal void Encode(uint generation, Span<byte> destination)
    {
        var at = WritePart(Kind, destination);
        at += WritePart(Id, destination[at..]);
        at += WritePart(Field, destination[at..]);
        BinaryPrimitives.WriteInt32BigEndian(destination[at..], Schema);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 4)..], generation);
    }

    private static int Measured(string part, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(part, name);
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(part);
        }
        catch (EncoderFallbackException)
        {
            // The original would quote the text.
            throw new ArgumentException("A part of a seal context is not well-formed text.", name);
        }

        return bytes <= MaximumPartBytes
            ? bytes + 2
            : throw new ArgumentException("A part of a seal context is longer than 1,024 bytes.", name);
    }

    private static int WritePart(string part, Span<byte> destination)
    {
        var written = Strict.GetBytes(part, destination[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)written);
        return written + 2;
    }
}
