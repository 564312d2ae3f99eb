using System.Security.Cryptography;
using PracticPro.Storage.Drivers;

namespace PracticPro.Backup.Drivers.Folder;

/// <summary>
/// A backup in a folder: a file a piece. A piece is written under a name of its own in <c>incoming/</c>, synced, renamed to
/// its place, and the folder synced. For the owner only.
/// </summary>
internal sealed class FolderTarget(string folder) : IBackupTarget
{
    private const string Incoming = "incoming";
    private readonly string root = Path.GetFullPath(folder);

    public void Put(string name, Action<Stream> write) => Bring(name, write, overwrite: false);

    public void Replace(string name, Action<Stream> write) => Bring(name, write, overwrite: true);

    public Stream? OpenRead(string name) => Around<Stream?>(() =>
    {
        try
        {
            return new FileStream(Of(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public IReadOnlyList<string> List(string prefix) => Around<IReadOnlyList<string>>(() =>
    {
        // The folder that the prefix names is walked and no other.
        var within = Path.Combine(root, prefix[..(prefix.LastIndexOf('/') + 1)]);
        return !Directory.Exists(within)
            ? []
            :
            [
                .. Directory.EnumerateFiles(within, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
                    .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
                        && !name.StartsWith(Incoming + "/", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ];
    });

    public void Delete(string name) => Around(() =>
    {
        if (File.Exists(Of(name)))
        {
            File.Delete(Of(name));
        }

        return true;
    });

    /// <summary>Removes what a crash left on its way in. Only by the one who writes.</summary>
    public void Sweep() => Around(() =>
    {
        DataFolder.MakeFolder(Path.Combine(root, Incoming));
        foreach (var leftover in Directory.EnumerateFiles(Path.Combine(root, Incoming)))
        {
            File.Delete(leftover);
        }

        return true;
    });

    private void Bring(string name, Action<Stream> write, bool overwrite)
    {
        var place = Of(name);
        var draft = Path.Combine(root, Incoming, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        Around(() =>
        {
            DataFolder.MakeFolder(Path.Combine(root, Incoming));
            try
            {
                using (var file = new FileStream(draft, DataFolder.NewFile()))
                {
                    write(file);
                    file.Flush(flushToDisk: true);
                }

                DataFolder.MakeFolder(Path.GetDirectoryName(place)!);
                File.Move(draft, place, overwrite);
            }
            finally
            {
                File.Delete(draft);
            }

            for (var at = Path.GetDirectoryName(place)!; at.Length >= root.Length; at = Path.GetDirectoryName(at)!)
            {
                FolderSync.Flush(at);
            }

            return true;
        });
    }

    private string Of(string name) =>
        name.Split('/').All(part => part.Length > 0 && part.Any(symbol => symbol != '.')
            && part.All(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol is '.' or '_' or '-'))
            ? Path.Combine([root, .. name.Split('/')])
            : throw new ArgumentException("A piece's name is segments of [a-z0-9._-].");

    private static T Around<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BackupTargetException(trouble);
        }
    }
}
