namespace PracticPro.Durable;

/// <summary>Another process, or another hub of this one, has the folder open. One process may, at a time.</summary>
internal sealed class HubInUseException() : Exception("The task hub is open in another process.");

/// <summary>
/// The hub has stopped, or met a write it could not make. Open it again: the disk holds all that was told.
/// </summary>
internal sealed class HubStoppedException(Exception? cause) : Exception("The task hub has stopped.", cause);
