using System.Collections.Immutable;

namespace PracticPro.Vault;

/// <summary>
/// One of the keys fleet look-ups are hashed under. Both moments are decided once, by whoever is first to write them, so
/// that every process comes to the same end.
/// </summary>
/// <param name="Number">1, 2, …</param>
/// <param name="UsedFrom">
/// From when claims are made under it. It is there before that, long enough for every process to have heard of it.
/// </param>
/// <param name="LetGoFrom">From when no claims are made under it any more; null while nobody has said so.</param>
internal sealed record FleetHashGeneration(int Number, DateTimeOffset UsedFrom, DateTimeOffset? LetGoFrom = null)
{
    public bool IsClaimedUnder(DateTimeOffset now) => UsedFrom <= now && !(LetGoFrom <= now);
}

/// <summary>
/// Where the keys are kept that fleet look-ups are hashed under. Each call is durable when it returns, and may be made again
/// after a crash: what was decided first stays.
/// </summary>
internal interface IFleetHashKeys
{
    /// <summary>Those that may still be needed, oldest first; at least one. The first one is made by whoever opens the store.</summary>
    ValueTask<ImmutableArray<FleetHashGeneration>> ReadAsync(CancellationToken cancellation);

    /// <summary>The key of one of them, 64 bytes; the caller disposes it.</summary>
    /// <exception cref="Kernel.UnexpectedFailureException">It may not be used.</exception>
    ValueTask<SecretBytes> OpenAsync(int number, CancellationToken cancellation);

    /// <summary>Makes it, if there is none of that number.</summary>
    ValueTask MakeAsync(int number, DateTimeOffset usedFrom, CancellationToken cancellation);

    /// <summary>Says from when no claims are made under it.</summary>
    ValueTask LetGoAsync(int number, DateTimeOffset from, CancellationToken cancellation);

    /// <summary>It is read no more, by nobody. Not to be taken back.</summary>
    ValueTask RetireAsync(int number, CancellationToken cancellation);

    /// <summary>Makes an end of what the retired ones were kept under, as far as the store lets us.</summary>
    ValueTask EndRetiredAsync(CancellationToken cancellation);
}
