using System.Collections.Immutable;

namespace PracticPro.Sync.Streams;

/// <summary>
/// What a provider answered in one step, in the order it was asked: all that a reducer learns of the outside. Kept sealed
/// for some days so that the step can be reduced again. Never holds the body of a mail: none is fetched (SYNC-2).
/// </summary>
internal sealed record ProviderAnswers(ImmutableArray<ProviderAnswer> Each);

/// <param name="Operation">Name of the operation it answers.</param>
/// <param name="Argument">What was asked for, where the answer does not say so itself: an item's id.</param>
/// <param name="Status">HTTP status. "Not found" and "gone" are answers; whatever made the step fail is not here.</param>
/// <param name="Body">As it came, JSON; empty when there was none.</param>
/// <param name="Date">The provider's own clock, where it told it.</param>
internal sealed record ProviderAnswer(
    string Operation, string? Argument, int Status, ReadOnlyMemory<byte> Body, DateTimeOffset? Date = null);
