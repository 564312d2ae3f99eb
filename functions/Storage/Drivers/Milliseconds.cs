namespace PracticPro.Storage.Drivers;

/// <summary>Times and lengths as the drivers keep them: whole Unix milliseconds.</summary>
internal static class Milliseconds
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>Above zero, at most 366 days; part of a millisecond counts as a whole one.</summary>
    public static long Positive(TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        return NotNegative(length);
    }

    /// <summary>Zero or above, at most 366 days; part of a millisecond counts as a whole one.</summary>
    public static long NotNegative(TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Longest);
        return (long)Math.Ceiling(length.TotalMilliseconds);
    }
}
