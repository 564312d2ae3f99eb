namespace PracticPro.Vault;

/// <summary>How long and how much unwrapped keys may be used. Checked when the ring is made.</summary>
internal sealed record KeyRingOptions
{
    /// <summary>
    /// How long a tenant's keys are given out without asking the key store again. Default 5 minutes, 1 second to 1
    /// hour.
    /// </summary>
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long one handle works from when its keys were unwrapped. Default 15 minutes; not under
    /// <see cref="CacheLifetime"/>, at most 2 hours. The difference is what a piece of work has at least.
    /// </summary>
    public TimeSpan HandleLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a sealed stream may take from its first byte to its last. An old generation of keys is let go only when
    /// nothing that was begun under it can still be written. 2 hours.
    /// </summary>
    public static readonly TimeSpan StreamLifetime = TimeSpan.FromHours(2);

    /// <summary>Uses of one purpose's keys after which they are unwrapped anew. Default 2^20, from 1.</summary>
    public long MaximumUses { get; init; } = 1 << 20;

    /// <summary>Bytes of content through one purpose's keys after which they are unwrapped anew. Default 2^34, from 1.</summary>
    public long MaximumBytes { get; init; } = 1L << 34;

    /// <summary>
    /// Tenants whose keys are held for giving out; the one opened longest ago goes first. Default 1,000, from 1.
    /// </summary>
    public int MaximumTenants { get; init; } = 1000;

    public KeyRingOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(CacheLifetime, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CacheLifetime, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(HandleLifetime, CacheLifetime);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HandleLifetime, TimeSpan.FromHours(2));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumUses, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumTenants, 1);
        return this;
    }
}
