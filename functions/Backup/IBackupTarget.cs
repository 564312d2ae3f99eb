namespace PracticPro.Backup;

/// <summary>
/// Where the pieces of a backup lie: named runs of bytes, as a folder or a blob container keeps them. Names are 1–4
/// segments of <c>[a-z0-9._-]</c> joined by <c>/</c>. A piece is there whole or not at all, and survives a power cut once
/// the call returned. Calls block; they are made on threads that may wait.
/// </summary>
/// <remarks>Trouble is a <see cref="BackupTargetException"/>, and then nothing was put.</remarks>
internal interface IBackupTarget
{
    /// <summary>Puts a new piece. A name that is taken is a bug or a second program, and throws.</summary>
    void Put(string name, Action<Stream> write);

    /// <summary>Puts a piece in the place of the one that is there, if any.</summary>
    void Replace(string name, Action<Stream> write);

    /// <summary>The piece from its first byte, or null when there is none. Dispose it.</summary>
    Stream? OpenRead(string name);

    /// <summary>Names that begin so, in ordinal order.</summary>
    IReadOnlyList<string> List(string prefix);

    /// <summary>Nothing happens when there is none.</summary>
    void Delete(string name);
}

/// <summary>The place of the backup cannot be used now. Copying goes on when it can be again.</summary>
internal sealed class BackupTargetException(Exception? cause) : Exception("The backup's place cannot be read or written.", cause);
