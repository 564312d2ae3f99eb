namespace PracticPro.Storage.Drivers.Sqlite.Shipping;

/// <summary>
/// Where a log stood when it was last emptied, in a file beside it (<c>-kept</c>), written before it is emptied. Whoever
/// copied up to there knows that the log's next life follows without a gap. A program that opens the file without keeping
/// logs takes the mark away, since it empties them by itself.
/// </summary>
internal static class EmptiedMark
{
    private const string End = "-kept";

    public static LogPosition? Read(string path) =>
        File.Exists(path + End) ? LogPosition.TryParse(File.ReadAllText(path + End)) : null;

    public static void Write(string path, LogPosition at)
    {
        var copy = path + End + ".new";
        File.Delete(copy);
        using (var stream = new FileStream(copy, DataFolder.NewFile()))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(at + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(copy, path + End, overwrite: true);
        FolderSync.Flush(Path.GetDirectoryName(path)!);
    }

    public static void Remove(string path)
    {
        if (File.Exists(path + End))
        {
            File.Delete(path + End);
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }
    }
}
