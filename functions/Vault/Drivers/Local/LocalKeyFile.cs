using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// One file with every key-encryption key, the platform's hash key and the signing key, readable by its owner only.
/// For development and for use on a single machine. Whoever reads the file and the database reads everything; when the
/// file is lost, everything sealed is lost for good: back it up apart from the data.
/// <list type="bullet">
/// <item>Refused: a file that others may read or write, and a symbolic link in its place.</item>
/// <item>A change is made to a copy, flushed and renamed over the file; a crash leaves the old or the new one
/// whole.</item>
/// <item>Keys are read from it for each use and zeroed after: they do not lie in memory in between.</item>
/// <item>Changes of several processes wait for each other on a lock file beside it.</item>
/// </list>
/// </summary>
internal sealed class LocalKeyFile(string path, TimeProvider time) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly JsonSerializerOptions Shape = new(JsonShapes.Stored) { Converters = { new KeyBytesJson() } };
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim oneWriter = new(1);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>
    /// The keys as they are in the file now, for one use: whoever asked disposes them, and then they are in memory no more.
    /// Null when there is no file.
    /// </summary>
    public LocalKeys? Read()
    {
        var file = new FileInfo(Path);
        if (file.LinkTarget is not null)
        {
            throw new KeyFileException("The key file is a symbolic link. Put the file itself in its place.");
        }

        if (!file.Exists)
        {
            return null;
        }

        using var handle = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RefuseIfOpenToOthers(handle);
        var content = GC.AllocateArray<byte>(checked((int)RandomAccess.GetLength(handle)), pinned: true);
        try
        {
            return JsonSerializer.Deserialize<LocalKeys>(Fill(handle, content), Shape)?.Checked()
                ?? throw new KeyFileException("The key file is empty. Restore it from its backup.");
        }
        catch (JsonException)
        {
            // The original would quote from the file.
            throw new KeyFileException("The key file is not readable. Restore it from its backup.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>
    /// Applies a change to what the file holds at that moment, makes the file when there is none, and returns what it
    /// holds then, as <see cref="Read"/> does. A change that gives back what it was given writes nothing.
    /// </summary>
    public async ValueTask<LocalKeys> ChangeAsync(Func<LocalKeys, LocalKeys> change, CancellationToken cancellation)
    {
        await oneWriter.WaitAsync(cancellation);
        try
        {
            MakeFolder();
            await using var lockHeld = await LockAsync(cancellation);
            var before = Read();
            var start = before ?? LocalKeys.New();
            var after = change(start);
            if (before is null || !ReferenceEquals(start, after))
            {
                Write(after);
            }

            start.ZeroAllBut(after);
            return after;
        }
        finally
        {
            oneWriter.Release();
        }
    }

    public void Dispose() => oneWriter.Dispose();

    private static ReadOnlySpan<byte> Fill(SafeFileHandle handle, byte[] content)
    {
        var filled = 0;
        while (filled < content.Length && RandomAccess.Read(handle, content.AsSpan(filled), filled) is var count and > 0)
        {
            filled += count;
        }

        return content.AsSpan(0, filled);
    }

    private static void RefuseIfOpenToOthers(SafeFileHandle handle)
    {
        // On Windows the folder's access list is what protects the file.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(handle) & Others) != 0)
        {
            throw new KeyFileException("Others may read or change the key file. Set its mode to 0600.");
        }
    }

    private void MakeFolder()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The lock file stays; holding it open alone is the lock, and a killed process lets go of it.</summary>
    private async ValueTask<FileStream> LockAsync(CancellationToken cancellation)
    {
        var from = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path + ".lock", Options(FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException) when (time.GetElapsedTime(from) < LockPatience)
            {
                await Task.Delay(LockRetry, time, cancellation);
            }
        }
    }

    private void Write(LocalKeys keys)
    {
        var copy = Path + ".new";
        File.Delete(copy);

        // Shared, because it is still open when it has its final name and others read it.
        using var stream = new FileStream(copy, Options(FileMode.CreateNew, FileShare.ReadWrite | FileShare.Delete));
        JsonSerializer.Serialize(stream, keys, Shape);
        stream.Flush(flushToDisk: true);
        File.Move(copy, Path, overwrite: true);

        // Flushed once more under its new name: journalling file systems write the rename with it. Otherwise a power cut
        // could leave data sealed under a key that the file does not have.
        stream.Flush(flushToDisk: true);
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        // Without a buffer of its own, which nobody would zero; the serialiser zeroes its own.
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
