using System.Text.Json;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Backup;

internal enum PieceKind
{
    /// <summary>A file as it was at one moment.</summary>
    Base,

    /// <summary>Transactions that follow the piece before.</summary>
    Segment,

    /// <summary>One blob.</summary>
    Blob,

    /// <summary>Which blobs must be there.</summary>
    BlobIndex,

    /// <summary>What must be there.</summary>
    Head,
}

/// <summary>
/// What stands in front of a piece, readable and authenticated: no content, and no id but the tenant's. All times are Unix
/// milliseconds.
/// </summary>
/// <param name="At">When the piece was made; for a blob, when it was written.</param>
/// <param name="Version">Version of the key that wraps this piece's own.</param>
/// <param name="Key">The piece's own key, wrapped.</param>
internal sealed record PieceHeader(PieceKind Kind, string Stream, long At, KeyVersion Version, byte[] Key)
{
    // Anybody may have changed a name in it before it is opened: a value that is missing for that is not taken for none.
    private static readonly JsonSerializerOptions Whole = new(JsonShapes.Stored) { RespectRequiredConstructorParameters = true };

    /// <summary>The chain it is of; for a blob, the piece itself.</summary>
    public string? Chain { get; init; }

    /// <summary>Its place in the chain, a base at 0.</summary>
    public int Number { get; init; }

    /// <summary>SHA-256 of the piece before, of this chain or the last; null for the first of a stream.</summary>
    public string? Follows { get; init; }

    /// <summary>A base: it stands exactly where the chain before ends, so no moment is missing between.</summary>
    public bool Continues { get; init; }

    /// <summary>A base: up to which moment the chain before it was complete when it was made.</summary>
    public long CoveredBefore { get; init; }

    /// <summary>A segment: the place in the file's history it goes on from.</summary>
    public string? From { get; init; }

    /// <summary>The place it leads to.</summary>
    public string? To { get; init; }

    /// <summary>The last commit that is in it, or in what went before.</summary>
    public long LastCommit { get; init; }

    /// <summary>A blob's name.</summary>
    public string? Name { get; init; }

    [JsonIgnore]
    public WrappedKey Wrapped => new(Version, Key);

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, JsonShapes.Stored);

    /// <summary>Null when these are no bytes of a header.</summary>
    public static PieceHeader? TryParse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<PieceHeader>(utf8, Whole);
        }
        catch (Exception trouble) when (trouble is JsonException or FormatException)
        {
            return null;
        }
    }
}
