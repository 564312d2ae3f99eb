namespace PracticPro.Keys.Destruction;

/// <summary>How the control of destroyed keys stands, for whoever shows how the program is.</summary>
internal interface IShreddingStatus
{
    /// <summary>Null when no keys were ever destroyed.</summary>
    ValueTask<ShreddingStanding?> NowAsync(CancellationToken cancellation);
}

/// <param name="Trouble">A fixed phrase, or null when all is well.</param>
/// <param name="TriedAt">When the one that was tried longest ago was tried; null when one never was.</param>
internal sealed record ShreddingStanding(string? Trouble, DateTimeOffset? TriedAt);

/// <summary>Reads it from the records, at most once a minute.</summary>
internal sealed class ReadShredding(DestructionShelf shelf, TimeProvider time) : IShreddingStatus
{
    public const string Opened = "something opens that must not: the keys of a practice were destroyed";
    public const string NotTried = "whether destroyed keys stay destroyed was not tried for two days";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Overdue = TimeSpan.FromDays(2);

    private volatile Known? known;

    public async ValueTask<ShreddingStanding?> NowAsync(CancellationToken cancellation)
    {
        if (known is not { } last || time.GetElapsedTime(last.At) >= GoodFor)
        {
            known = last = new Known(await ReadAsync(cancellation), time.GetTimestamp());
        }

        return last.Standing;
    }

    private async Task<ShreddingStanding?> ReadAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var ends = (await shelf.ListAsync(cancellation)).Where(static end => end.State >= KeyEndState.Deleted).ToList();
        if (ends.Count == 0)
        {
            return null;
        }

        var oldest = ends.Min(static end => end.LastTry?.At ?? DateTimeOffset.MinValue);
        var trouble = ends.Any(static end => end.LastTry?.Verdict == ShredVerdict.Opened) ? Opened
            : ends.Any(end => IsOverdue(end, now)) ? NotTried
            : null;
        return new ShreddingStanding(trouble, oldest == DateTimeOffset.MinValue ? null : oldest);
    }

    private static bool IsOverdue(KeyEnd end, DateTimeOffset now) =>
        now - (end.LastTry?.At ?? end.DeletedAt!.Value) > Overdue
        || (end.LastTry is { Verdict: ShredVerdict.NotTried } && now - end.DeletedAt!.Value > Overdue);

    private sealed record Known(ShreddingStanding? Standing, long At);
}
