using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// Copies one tenant's blobs, each once: a blob does not change. The index, written last, says which must be there and when
/// one was found deleted; a copy is deleted when its blob was gone before the window began.
/// </summary>
internal sealed class BlobShipper(
    IBackupTarget target, PieceKeys keys, TimeSpan window, SqliteStorage storage, TenantId tenant)
{
    /// <param name="now">The round's moment (Unix milliseconds): from then on a blob that is not there counts as deleted.</param>
    /// <returns>The same moment, when the index was made, or why nothing can be sealed.</returns>
    /// <exception cref="BackupTargetException">The backup cannot be written now.</exception>
    public async Task<Outcome<long>> ShipAsync(long now, CancellationToken cancellation)
    {
        var found = await BlobIndex.FindAsync(new BackupPieces(target, keys), tenant, cancellation);
        if (found?.Failure is { } sealedForGood)
        {
            return sealedForGood;
        }

        var known = found?.Expect().Index.Pieces ?? BlobIndex.Empty.Pieces;
        var folder = PieceName.Blob(tenant.Text, string.Empty);
        var there = target.List(folder).Select(name => name[folder.Length..]).ToHashSet(StringComparer.Ordinal);
        var living = BlobIndex.Empty.Pieces.ToBuilder();
        var blobs = storage.For(tenant).Blobs;
        await foreach (var name in blobs.ListAsync(string.Empty, cancellation))
        {
            if (storage.BlobWrittenAt(tenant, name) is not { } writtenAt)
            {
                continue;
            }

            var piece = PieceOf(name, writtenAt);
            if (!there.Contains(piece))
            {
                var copied = await CopyAsync(blobs, name, piece, writtenAt, cancellation);
                if (!copied.Try(out var isThere, out var why))
                {
                    return why;
                }

                if (!isThere)
                {
                    continue;
                }
            }

            living[piece] = 0;
        }

        var gone = known.Where(pair => !living.ContainsKey(pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value == 0 ? now : pair.Value))
            .ToLookup(pair => pair.Value < now - (long)window.TotalMilliseconds);
        living.AddRange(gone[false]);
        var indexed = await PutIndexAsync(new BlobIndex(living.ToImmutable()), now, cancellation);
        foreach (var (piece, _) in gone[true])
        {
            target.Delete(PieceName.Blob(tenant.Text, piece));
        }

        return indexed;
    }

    // The name says which blob and which writing of it; a deleted name may be written anew.
    private static string PieceOf(BlobName name, long writtenAt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.Text)).AsSpan(0, 16))}-{writtenAt}");

    /// <summary>False when the blob was deleted meanwhile: then there is no piece, and no index may ask for it.</summary>
    private async Task<Outcome<bool>> CopyAsync(
        IBlobs blobs, BlobName name, string piece, long writtenAt, CancellationToken cancellation)
    {
        var sealing = await keys.NewAsync(tenant, cancellation);
        if (!sealing.Try(out var key, out var why))
        {
            return why;
        }

        using (key)
        {
            if (await blobs.OpenReadAsync(name, cancellation) is not { } content)
            {
                return false;
            }

            await using (content)
            {
                var header = key.Header(PieceKind.Blob, tenant.Text, writtenAt) with { Chain = piece, Name = name.Text };
                target.Put(
                    PieceName.Blob(tenant.Text, piece),
                    stream => PieceFormat.Write(stream, header, key.Key, content.CopyTo));
            }

            return true;
        }
    }

    private async Task<Outcome<long>> PutIndexAsync(BlobIndex index, long now, CancellationToken cancellation)
    {
        var sealing = await keys.NewAsync(tenant, cancellation);
        if (!sealing.Try(out var key, out var why))
        {
            return why;
        }

        using (key)
        {
            var header = key.Header(PieceKind.BlobIndex, tenant.Text, now);
            target.Replace(
                PieceName.BlobIndex(tenant.Text),
                stream => PieceFormat.Write(stream, header, key.Key, content => content.Write(index.ToUtf8())));
            return now;
        }
    }
}
