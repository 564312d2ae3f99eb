using PracticPro.Vault;

namespace PracticPro.Keys.Platform;

/// <summary>How long what is decided about a platform key is known before it counts.</summary>
internal sealed record PlatformPace(TimeSpan KnownBefore)
{
    /// <summary>
    /// Many processes: as long as one goes on with what it knows, and five minutes for clocks that differ and for work that
    /// was begun before.
    /// </summary>
    public static readonly PlatformPace OfMany = new(PlatformKeys.TrustFor + TimeSpan.FromMinutes(5));

    /// <summary>One process has it all to itself and learns at once: a minute for work that was begun before.</summary>
    public static readonly PlatformPace OfOne = new(TimeSpan.FromMinutes(1));
}
