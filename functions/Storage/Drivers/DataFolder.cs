using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers;

/// <summary>
/// The folder the embedded drivers keep everything in, held by one program at a time:
/// <code>
/// lock                      empty; locked by the program that has the folder open
/// fleet.db                  what is asked before a tenant is known
/// tenants/{tenant}.db       one SQLite file a tenant, with its -wal and -shm beside it
/// blobs/{tenant}/…          one file a blob
/// incoming/                 blobs on their way in; what a crash left here is swept at open
/// restoring                 a restore into this folder is not finished: nothing here may be read yet
/// </code>
/// The lock is the operating system's (flock on Unix, a sharing mode on Windows): it ends with the process, however
/// that ends. On a network file system that ignores locks it protects nothing; keep the folder on a local disk.
/// Folders are made 0700 and files 0600 on Unix. Names hold the tenant id and nothing else about a person.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    // EWOULDBLOCK of flock(2), and ERROR_SHARING_VIOLATION. Any other trouble with the file is told as it is.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    /// <summary>
    /// Held while a blob gets its name. This process is the only one in the folder, so that is enough.
    /// </summary>
    public Lock Naming { get; } = new();

    /// <summary>A restore into this folder began and has not ended.</summary>
    public bool IsBeingRestored => File.Exists(RestoringFile(Path));

    public string FleetFile => System.IO.Path.Combine(Path, "fleet.db");

    public string Tenants => System.IO.Path.Combine(Path, "tenants");

    public string Blobs => System.IO.Path.Combine(Path, "blobs");

    public string Incoming => System.IO.Path.Combine(Path, "incoming");

    /// <summary>Takes the folder for this process, making it when it is not there.</summary>
    /// <exception cref="DataFolderInUseException">
    /// Another program, or another part of this one, has it open.
    /// </exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        MakeFolder(full);
        var folder = new DataFolder(full, Hold(System.IO.Path.Combine(full, "lock")));
        MakeFolder(folder.Tenants);
        MakeFolder(folder.Blobs);
        MakeFolder(folder.Incoming);
        return folder;
    }

    public string TenantFile(TenantId tenant) => System.IO.Path.Combine(Tenants, tenant.Text + ".db");

    public void Dispose() => held.Dispose();

    /// <summary>The mark of a restore that is not finished.</summary>
    public static string RestoringFile(string folder) => System.IO.Path.Combine(folder, "restoring");

    /// <summary>A folder only its owner may enter. One that exists keeps the rights it has.</summary>
    internal static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // One by one: the runtime gives the rights to the last folder only, and the usual ones to those above it.
        if (!Directory.Exists(path))
        {
            MakeFolder(System.IO.Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(path, OwnerFolder);
        }
    }

    /// <summary>How a new file only its owner may read is opened.</summary>
    internal static FileStreamOptions NewFile(FileOptions options = FileOptions.None)
    {
        var chosen = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            chosen.UnixCreateMode = OwnerFile;
        }

        return chosen;
    }

    private static FileStream Hold(string file)
    {
        var options = NewFile();
        options.Mode = FileMode.OpenOrCreate;
        options.Access = FileAccess.ReadWrite;
        try
        {
            return new FileStream(file, options);
        }
        catch (IOException trouble) when (trouble.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            throw new DataFolderInUseException(trouble);
        }
    }
}

/// <summary>
/// The data folder is held by another program. Stop that one, or point this one at a folder of its own.
/// </summary>
internal sealed class DataFolderInUseException(Exception cause) : Exception(
    "The data folder is in use by another running PracticPro. Stop that one, or give this one a folder of its own.",
    cause);
