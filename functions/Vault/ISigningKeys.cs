using System.Collections.Immutable;

namespace PracticPro.Vault;

/// <summary>One of the keys that sign checkpoints, in the order they follow each other.</summary>
/// <param name="Number">1, 2, …</param>
/// <param name="SignsFrom">From when it signs; every process knows of it before.</param>
/// <param name="Statement">That it follows the one before, signed by both; empty for the first. Public, and opaque here.</param>
/// <param name="IsEnded">It signs no more: its private half was done away with, as far as the store lets us.</param>
internal sealed record SigningGeneration(int Number, DateTimeOffset SignsFrom, string Statement, bool IsEnded);

/// <summary>A fresh key that nobody signs by yet, until it is kept as a successor or let go.</summary>
internal interface ISigningCandidate : IDisposable
{
    ICheckpointSigner Signer { get; }
}

/// <summary>
/// Where the keys are kept that sign checkpoints. Each call is durable when it returns, and may be made again after a crash.
/// </summary>
internal interface ISigningKeys
{
    /// <summary>All there ever were, oldest first; at least one. The first is made by whoever opens the store.</summary>
    ValueTask<ImmutableArray<SigningGeneration>> ReadAsync(CancellationToken cancellation);

    /// <summary>One of them, alone: it is the same key as long as it is held. Not for one that is ended.</summary>
    ValueTask<ICheckpointSigner> OpenAsync(int number, CancellationToken cancellation);

    ValueTask<ISigningCandidate> MakeAsync(CancellationToken cancellation);

    /// <summary>
    /// Makes the candidate the successor of the newest, if nobody was first: whoever comes later finds the number taken.
    /// </summary>
    ValueTask SucceedAsync(
        ISigningCandidate candidate, int number, DateTimeOffset signsFrom, string statement, CancellationToken cancellation);

    /// <summary>Does away with the private half of one that has a successor.</summary>
    ValueTask EndAsync(int number, CancellationToken cancellation);
}
