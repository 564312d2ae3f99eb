namespace PracticPro.Sandbox.Microsoft;

/// <summary>How a lost delta query is answered; the real service was seen to do each.</summary>
internal enum LostSyncState
{
    /// <summary>410 with SyncStateNotFound and a Location to begin anew at.</summary>
    Gone,

    /// <summary>410 with resyncRequired, no Location.</summary>
    ResyncRequired,

    /// <summary>404 with syncStateNotFound.</summary>
    NotFound,

    /// <summary>400 with SyncStateInvalid.</summary>
    Invalid,
}

/// <summary>What differs between one day at Microsoft and another. Set through the control calls.</summary>
internal sealed class MicrosoftSettings
{
    public LostSyncState LostSyncState { get; set; }

    /// <summary>The token answer lists scopes with the address of Graph in front.</summary>
    public bool EchoesScopesInFull { get; set; }

    /// <summary>A message that moved away shows as "deleted" too, not as "changed".</summary>
    public bool CallsMovedDeleted { get; set; }

    /// <summary>A message that was there before shows with its changed properties alone.</summary>
    public bool SparseUpdates { get; set; }

    /// <summary>A series is told after its occurrences, and so maybe on a later page.</summary>
    public bool SeriesLast { get; set; }

    /// <summary>Each round of a delta query begins with an empty page.</summary>
    public bool EmptyPages { get; set; }

    /// <summary>No page has more items, whatever is preferred.</summary>
    public int LargestPage { get; set; } = 1_000;

    /// <summary>So many items that were told before are told again in each round.</summary>
    public int Replays { get; set; }

    /// <summary>How long a sent letter takes to appear in Sent Items, by the sandbox's clock.</summary>
    public TimeSpan SentDelay { get; set; }

    /// <summary>A second event with the same transactionId is a 409, not the first one again.</summary>
    public bool RefusesRepeatedTransactions { get; set; }

    /// <summary>How long every Graph request takes, in real time.</summary>
    public TimeSpan Latency { get; set; }

    public void Clear()
    {
        LostSyncState = LostSyncState.Gone;
        EchoesScopesInFull = false;
        CallsMovedDeleted = false;
        SparseUpdates = false;
        SeriesLast = false;
        EmptyPages = false;
        LargestPage = 1_000;
        Replays = 0;
        SentDelay = TimeSpan.Zero;
        RefusesRepeatedTransactions = false;
        Latency = TimeSpan.Zero;
    }
}
