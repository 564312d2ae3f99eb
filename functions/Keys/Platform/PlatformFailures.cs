using PracticPro.Kernel;

namespace PracticPro.Keys.Platform;

/// <summary>Every expected way in which a key of the platform is not changed.</summary>
internal static class PlatformFailures
{
    /// <summary>Most likely a run that died after its last write and was started again.</summary>
    public sealed record ChangedLately()
        : Failure.Refused(
            "platform-key-changed-lately", "This key was changed within the last day. Ask with --compromised to change it all the same.");

    /// <summary>Nothing was done: the successor that is there says that what the old key signed stays good.</summary>
    public sealed record FollowedAsScheduled()
        : Failure.Refused(
            "platform-key-followed-as-scheduled",
            "A scheduled change is under way, and the old key counts on. Finish it: run this without --compromised, then once more with it.");

    /// <summary>The old key stays, and the next run goes on.</summary>
    public sealed record NotAllRead(int Practices, int Records)
        : Failure.Refused(
            "platform-entries-unread",
            $"The old key stays: {Practices} practices and {Records} records cannot be read now. Look at why, then run this again.");

    /// <summary>The old key stays.</summary>
    public sealed record EntriesLeft(long Entries)
        : Failure.Refused(
            "platform-entries-left", $"The old key stays: {Entries} entries could not be moved, another has their place. A person has to look.");

    /// <summary>Others move entries faster than this run can look.</summary>
    public sealed record NeverStill()
        : Failure.Refused("platform-entries-moving", "The old key stays: entries were being moved whenever they were counted. Run this again.");
}
