using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Files;

/// <summary>
/// One tenant's blobs as files. A blob is written under a name of its own in <c>incoming/</c>, synced, and renamed to
/// its place without replacing what is there; then the folder is synced. A crash leaves at most a file in
/// <c>incoming/</c>. Bytes are stored as they come: whoever writes has sealed them.
/// </summary>
/// <param name="changed">Called when a blob came or went.</param>
internal sealed class FileBlobs(DataFolder folder, TenantId tenant, Action changed) : IBlobs
{
    private const int PieceBytes = 128 * 1024;
    private readonly string root = BlobPath.Folder(folder, tenant);

    public TenantId Tenant { get; } = tenant;

    /// <summary>
    /// Removes what a crash left on its way in. Only while the folder is held, before anyone writes.
    /// </summary>
    public static void SweepIncoming(DataFolder folder)
    {
        foreach (var leftover in Directory.EnumerateFiles(folder.Incoming))
        {
            File.Delete(leftover);
        }
    }

    public async ValueTask<bool> WriteAsync(BlobName name, Stream content, CancellationToken cancellation)
    {
        var place = BlobPath.Of(root, name);
        // Only spares the copying. Who wins the name is decided at the end.
        if (File.Exists(place))
        {
            return false;
        }

        var draft = Path.Combine(
            folder.Incoming, Tenant.Text + '.' + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        try
        {
            await WriteDraftAsync(draft, content, cancellation);
            var written = Around(() => Link(draft, place));
            changed();
            return written;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public ValueTask<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = BlobPath.Of(root, name);
        return ValueTask.FromResult(Around<Stream?>(() =>
        {
            try
            {
                // Delete is shared: a blob that is deleted while it is read is read to its end.
                return new FileStream(place, new FileStreamOptions
                {
                    Share = FileShare.Read | FileShare.Delete,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                });
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
        }));
    }

    public ValueTask<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = BlobPath.Of(root, name);
        return ValueTask.FromResult(Around(() =>
        {
            // Two may delete at once; the one whose rename goes through was the one that deleted.
            var leaving = Path.Combine(
                folder.Incoming, Tenant.Text + '.' + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
            try
            {
                File.Move(place, leaving, overwrite: false);
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }

            FolderSync.Flush(Path.GetDirectoryName(place)!);
            File.Delete(leaving);
            changed();
            return true;
        }));
    }

    public async IAsyncEnumerable<BlobName> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await ValueTask.CompletedTask;
        foreach (var name in Walk(root, string.Empty, prefix))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new BlobName(name);
        }
    }

    // In each folder, blobs and folders are sorted together, a folder as its name and a slash: that is the ordinal
    // order of the whole names, since a folder's name with its slash begins every name below it and no other.
    private static IEnumerable<string> Walk(string path, string before, string prefix)
    {
        foreach (var name in Around(() => Names(path, before, prefix)))
        {
            if (name[^1] != '/')
            {
                yield return name;
                continue;
            }

            foreach (var below in Walk(Path.Combine(path, name[before.Length..^1]), name, prefix))
            {
                yield return below;
            }
        }
    }

    private static List<string> Names(string path, string before, string prefix)
    {
        if (!Directory.Exists(path))
        {
            return [];
        }

        var blobs = Directory.EnumerateFiles(path, "*" + BlobPath.Mark)
            .Select(file => before + Path.GetFileName(file)[..^1])
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
        var folders = Directory.EnumerateDirectories(path)
            .Select(file => before + Path.GetFileName(file) + '/')
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
                || prefix.StartsWith(name, StringComparison.Ordinal));
        return [.. blobs.Concat(folders).Order(StringComparer.Ordinal)];
    }

    private static async Task WriteDraftAsync(string draft, Stream content, CancellationToken cancellation)
    {
        var file = Around(() => new FileStream(draft, DataFolder.NewFile(FileOptions.Asynchronous)));
        await using (file)
        {
            var piece = new byte[PieceBytes];

            // What the content's own stream throws is the caller's, and goes to the caller as it is.
            while (await content.ReadAsync(piece, cancellation) is > 0 and var read)
            {
                await AroundAsync(file.WriteAsync(piece.AsMemory(0, read), cancellation));
            }

            // The stream's buffer and the disk's.
            Around(() =>
            {
                file.Flush(flushToDisk: true);
                return Done.Value;
            });
        }
    }

    private bool Link(string draft, string place)
    {
        var parent = Path.GetDirectoryName(place)!;
        DataFolder.MakeFolder(parent);

        // The runtime looks and then renames: two at once could both find the name free.
        lock (folder.Naming)
        {
            if (File.Exists(place))
            {
                return false;
            }

            File.Move(draft, place, overwrite: false);
        }

        // Folders above may be new as well, by this write or one beside it: all of them up to the blobs' own.
        for (var at = parent; at.Length >= folder.Blobs.Length; at = Path.GetDirectoryName(at)!)
        {
            FolderSync.Flush(at);
        }

        return true;
    }

    private static T Around<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException("a blob's file cannot be written or read", trouble);
        }
    }

    private static async ValueTask AroundAsync(ValueTask work)
    {
        try
        {
            await work;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException("a blob's file cannot be written or read", trouble);
        }
    }
}
