using System.Runtime.InteropServices;
using System.Text;

namespace PracticPro.Storage.Drivers;

/// <summary>
/// Makes a folder's entries durable: after a file is made or renamed, its name survives a power cut only once the
/// folder itself is synced. The runtime opens no folders, so this calls the C library. Windows keeps names in the
/// journal of NTFS; there is nothing to call there.
/// </summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(Encoding.UTF8.GetBytes(folder + '\0'), ReadOnly);
        if (handle < 0)
        {
            throw new IOException("A folder cannot be opened to be synced.");
        }

        try
        {
            if (Sync(handle) != 0)
            {
                throw new IOException("A folder cannot be synced.");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
