using System.IO.Compression;

namespace PracticPro.Pack;

/// <summary>
/// A zip that depends on the files' names and bytes only: entries in order of name, all of one time, one mode for files
/// and one for the program. No owner, no directories, no machine's own settings.
/// </summary>
internal static class FolderZip
{
    /// <summary>A regular file, <c>rw-r--r--</c>; in the upper half, where Unix keeps its mode.</summary>
    private const int PlainFile = 0x81A4 << 16;

    /// <summary>A regular file, <c>rwxr-xr-x</c>.</summary>
    private const int ProgramFile = 0x81ED << 16;

    /// <param name="at">The time every entry gets; zip has no zone and counts in two seconds from 1980.</param>
    /// <param name="program">The name, relative to the folder, of the one file that may be run.</param>
    public static void Write(string folder, string file, DateTimeOffset at, string program)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var name in NamesIn(folder))
        {
            var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = at.ToUniversalTime();
            entry.ExternalAttributes = unchecked(name == program ? ProgramFile : PlainFile);
            using var into = entry.Open();
            using var from = File.OpenRead(Path.Combine(folder, name));
            from.CopyTo(into);
        }
    }

    private static IEnumerable<string> NamesIn(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal);
}
