using System.Collections.Immutable;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams;

/// <summary>What one step's answers say.</summary>
/// <param name="Present">Items as they are now; each id at most once.</param>
/// <param name="Gone">
/// Ids the provider itself says it no longer has in this stream. Not being listed is no such evidence. None of them is in
/// <paramref name="Present"/>.
/// </param>
/// <param name="NextPage">Where it goes on; null after the last page.</param>
/// <param name="NextPoint">
/// From where to follow next. Given with the last page only (of a following; of a reading where <c>Begin</c> gave none).
/// </param>
/// <param name="Total">How many items there are, as the provider estimates; for progress.</param>
internal sealed record StreamPage(
    ImmutableArray<MirroredItem> Present,
    ImmutableArray<string> Gone,
    string? NextPage = null,
    string? NextPoint = null,
    int? Total = null)
{
    public static readonly StreamPage Empty = new([], []);
}

/// <summary>
/// One thing of a provider's as it is kept here: envelope or facts, never a body. Its stored identity is connection and
/// provider's id; which stream showed it last tells a move from a deletion.
/// </summary>
/// <param name="Connection">Whose it is.</param>
/// <param name="Stream">Where it was seen last.</param>
/// <param name="SourceId">The provider's id; never changes while the item lives.</param>
/// <param name="Generation">The last complete reading of its stream in which it was seen. Set by the engine.</param>
internal abstract record MirroredItem(ConnectionId Connection, StreamName Stream, string SourceId, int Generation);
