namespace PracticPro.Sync.Mailbox;

/// <summary>What to do next for a mailbox.</summary>
internal abstract record SyncStep
{
    private SyncStep()
    {
    }

    /// <summary>Pin the provider's history id and begin a complete reading.</summary>
    public sealed record Begin : SyncStep;

    public sealed record ListPage : SyncStep;

    public sealed record SweepPage : SyncStep;

    public sealed record RenewWatch : SyncStep;

    public sealed record FollowHistory : SyncStep;

    public sealed record Wait(DateTimeOffset Until) : SyncStep;
}

/// <summary>Decides the next step from what is known; does nothing itself.</summary>
internal static class SyncPlan
{
    // Google ends a watch after seven days and recommends renewing it daily.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(6);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <param name="pushes">Whether the provider is to tell of changes.</param>
    /// <param name="nudged">Whether something said that there is news.</param>
    public static SyncStep Next(MailCursor? cursor, bool pushes, bool nudged, TimeSpan pollInterval, DateTimeOffset now)
    {
        if (cursor is null)
        {
            return new SyncStep.Begin();
        }

        if (pushes && (cursor.WatchUntil is null || cursor.WatchUntil - now < RenewBefore))
        {
            return new SyncStep.RenewWatch();
        }

        return cursor.Phase switch
        {
            SyncPhase.Listing => new SyncStep.ListPage(),
            SyncPhase.Sweeping => new SyncStep.SweepPage(),
            _ when nudged || cursor.PageToken is not null || DueAt(cursor, pollInterval, now) <= now => new SyncStep.FollowHistory(),
            _ => new SyncStep.Wait(DueAt(cursor, pollInterval, now)),
        };
    }

    /// <summary>The pause after failures in a row: 2 s, doubled each time, at most 5 min.</summary>
    public static TimeSpan PauseAfter(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    // A mailbox never looked at is due. So is one looked at in the future: the clock was set back, and nobody knows how far.
    private static DateTimeOffset DueAt(MailCursor cursor, TimeSpan pollInterval, DateTimeOffset now) =>
        cursor.LookedAt is { } looked && looked <= now ? looked + pollInterval : now;
}
