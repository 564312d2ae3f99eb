namespace PracticPro.Loopback;

/// <summary>A file with a key in it: nobody but its owner reads it, from its first moment (mode 0600; on Windows the folder's).</summary>
internal static class OwnFile
{
    /// <exception cref="IOException">There is such a file, and <paramref name="mode"/> wants a new one.</exception>
    public static void Write(string path, FileMode mode, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            // One that was there already keeps its mode otherwise.
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        file.Write(content);
    }
}
