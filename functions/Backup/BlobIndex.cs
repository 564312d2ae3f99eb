using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Backup;

/// <summary>
/// Every copy of a tenant's blobs that must be there: piece → the moment its blob was found deleted (Unix milliseconds), 0
/// while it lives. Sealed under the tenant's key and replaced when blobs came or went.
/// </summary>
internal sealed record BlobIndex(ImmutableSortedDictionary<string, long> Pieces)
{
    public static readonly BlobIndex Empty = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, JsonShapes.Stored);

    public static BlobIndex? TryParse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<BlobIndex>(utf8, JsonShapes.Stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Read from the backup; null when there is none.</summary>
    /// <exception cref="BackupDamagedException">It was changed, or is another's.</exception>
    public static async Task<Outcome<(long At, BlobIndex Index)>?> FindAsync(
        BackupPieces pieces, TenantId tenant, CancellationToken cancellation)
    {
        var name = PieceName.BlobIndex(tenant.Text);
        var found = await pieces.FindAsync(
            name, tenant, header => header.Kind == PieceKind.BlobIndex && header.Stream == tenant.Text, cancellation);
        return found?.Then(piece => TryParse(piece.Content) is { } index
            ? (piece.Header.At, index)
            : throw new BackupDamagedException("an index of blobs cannot be read", name));
    }
}
