using System.Globalization;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>Makes a file of a layout, and recognises one.</summary>
internal static class NewSqliteFile
{
    private const string Settings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        """;

    /// <summary>The file is there afterwards, whole and durable; or, after an exception, not at all.</summary>
    public static void Make(string path, FileLayout layout, string owner)
    {
        var draft = path + ".new";
        foreach (var leftover in new[] { draft, draft + "-wal", draft + "-shm" })
        {
            File.Delete(leftover);
        }

        // SQLite gives a log the rights of its file, so the file is made first, with the owner's rights only.
        new FileStream(draft, DataFolder.NewFile()).Dispose();
        using (var session = Session.Open(draft, Settings))
        {
            session.RunScript(string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                {layout.Script}
                PRAGMA application_id = {layout.Mark};
                PRAGMA user_version = {layout.Version};
                """));
            session.Prepare("INSERT INTO owner (one, name) VALUES (1, ?1)").With(1, owner).Run();
            session.RunScript("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
        }

        // The draft is closed and synced; from here on the file is there, and after the flush it stays.
        File.Move(draft, path, overwrite: false);
        FolderSync.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Throws unless the file is of this layout, in a version this program knows, and this owner's.
    /// </summary>
    /// <param name="openRestored">Also one that was restored and is not yet rid of what was erased since.</param>
    public static void Check(Session session, FileLayout layout, string owner, bool openRestored)
    {
        var mark = (int)session.Number("PRAGMA application_id");
        if (mark == layout.RestoredMark && !openRestored)
        {
            throw new StorageNotReleasedException();
        }

        if (mark != layout.Mark && mark != layout.RestoredMark)
        {
            throw new StorageCorruptException("it is no file of this program, or empty");
        }

        var version = (int)session.Number("PRAGMA user_version");
        if (version > layout.Version)
        {
            throw new StorageTooNewException(version, layout.Version);
        }

        if (version < layout.Version)
        {
            throw new StorageCorruptException("it names a layout that never was");
        }

        using var row = session.Prepare("SELECT name FROM owner");
        if (!row.Step() || row.Text(0) != owner)
        {
            throw new StorageCorruptException("it belongs to another tenant");
        }
    }
}
