namespace PracticPro.Storage;

/// <summary>
/// The store cannot be used now: disk full, a failing device, a lock that is not let go. Nothing of the call was
/// written, and the same call may succeed later. Says why in a fixed phrase, never what was being stored.
/// </summary>
internal sealed class StorageUnavailableException(string reason, Exception? cause = null)
    : Exception($"The store cannot be used now: {reason}.", cause)
{
    /// <summary>A fixed phrase, such as <c>the disk is full</c>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// What is stored is not what was written: a damaged, cut or foreign file. It is left as it is for the restore;
/// the store never begins a fresh one in its place.
/// </summary>
internal sealed class StorageCorruptException(string finding, Exception? cause = null)
    : Exception($"A stored file is damaged: {finding}. It is left untouched; restore it from a backup.", cause);

/// <summary>
/// A blob that may not be deleted yet: the time it must be kept for has not passed, or it is on legal hold. It is as it
/// was; the same call goes through when both are over. No accident of the store: whoever deletes must know of it.
/// </summary>
internal sealed class BlobRetainedException(Exception? cause = null)
    : Exception("This blob must be kept: its retention has not ended, or it is on legal hold.", cause);

/// <summary>The file was written by a newer program, which knows things this one would destroy.</summary>
internal sealed class StorageTooNewException(int found, int known)
    : Exception($"A stored file has layout {found}; this program knows layouts up to {known}. Start the newer program.")
{
    public int Found { get; } = found;

    public int Known { get; } = known;
}

/// <summary>A body, entry, message or batch is over its limit in <see cref="StorageLimits"/>.</summary>
internal sealed class TooLargeToStoreException(string what, int limitBytes)
    : ArgumentException($"{what} is over the limit of {limitBytes} bytes.")
{
    public int LimitBytes { get; } = limitBytes;
}

/// <summary>
/// What is stored here was restored from a backup, and what was erased since the moment it was restored to has not been
/// erased here again. Nobody may read it before that is done.
/// </summary>
internal sealed class StorageNotReleasedException() : Exception(
    "The store was restored from a backup and is not released: erasures have to be carried out again first. Run the restore to its end.");
