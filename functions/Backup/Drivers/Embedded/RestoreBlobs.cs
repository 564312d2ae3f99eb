using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>Brings one tenant's blobs back: those that were written by a moment and not found deleted by then.</summary>
internal sealed class RestoreBlobs(BackupPieces pieces, SqliteStorage storage)
{
    /// <param name="indexAt">When the index that must be there was made.</param>
    /// <param name="until">Unix milliseconds.</param>
    /// <returns>How many blobs were brought back.</returns>
    /// <exception cref="BackupDamagedException">One that is needed is missing or was changed.</exception>
    public async Task<int> RunAsync(TenantId tenant, long indexAt, long until, CancellationToken cancellation)
    {
        var found = await BlobIndex.FindAsync(pieces, tenant, cancellation);
        if (found is not { } outcome || (outcome.Succeeded && outcome.Expect().At < indexAt))
        {
            throw new BackupDamagedException("an index of blobs is missing or an older one", PieceName.BlobIndex(tenant.Text));
        }

        if (!outcome.Try(out var index, out _))
        {
            // The tenant's key is gone, and its blobs with it.
            return 0;
        }

        var brought = 0;
        foreach (var (piece, goneAt) in index.Index.Pieces)
        {
            if (WrittenAt(piece) <= until && (goneAt == 0 || goneAt > until))
            {
                await BringAsync(tenant, piece, cancellation);
                brought++;
            }
        }

        return brought;
    }

    private static long WrittenAt(string piece) =>
        long.Parse(piece.AsSpan(piece.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private async Task BringAsync(TenantId tenant, string piece, CancellationToken cancellation)
    {
        var name = PieceName.Blob(tenant.Text, piece);
        var found = await pieces.FindAsync(
            name,
            tenant,
            header => header.Kind == PieceKind.Blob && header.Stream == tenant.Text && header.Chain == piece && header.Name is not null,
            cancellation);
        if (found is not { } outcome)
        {
            throw new BackupDamagedException("a piece is missing", name);
        }

        var (header, content) = outcome.Expect();
        using var bytes = new MemoryStream(content);
        await storage.For(tenant).Blobs.WriteAsync(new BlobName(header.Name!), bytes, cancellation);
    }
}
