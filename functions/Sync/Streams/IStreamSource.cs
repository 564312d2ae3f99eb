using System.Collections.Immutable;
using PracticPro.Kernel;

namespace PracticPro.Sync.Streams;

/// <summary>
/// One stream of one connection, as its provider offers it. Asking and understanding are apart: <see cref="FetchAsync"/>
/// asks and decides nothing; <see cref="Reduce"/> understands and asks nothing, so that the same answers always give the
/// same page, now and in a replay.
/// </summary>
internal interface IStreamSource
{
    /// <summary>How its items are kept. All items of a stream are of one sort.</summary>
    IMirror Mirror { get; }

    /// <summary>
    /// Whether the provider's notifications tell of what changes here. News of a stream they do not tell of say nothing
    /// against a channel.
    /// </summary>
    bool IsTold => true;

    /// <summary>
    /// Makes the calls of one step. Reads only, and may be repeated at will. Either every answer the step needs is there,
    /// or the whole step fails: <see cref="SyncFailures.CursorExpired"/> when the provider no longer knows the point or the
    /// page (the page is begun again; without one a complete reading follows), <see cref="SyncFailures.Gone"/> when the
    /// stream itself is no longer there, any other failure for a pause.
    /// </summary>
    /// <param name="known">What is stored of an item, for a source that saves a call where it is. Null when it is not stored.</param>
    Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation);

    /// <summary>Ids of which <see cref="Reduce"/> needs the stored item besides the answers; most sources need none.</summary>
    ImmutableArray<string> Needs(StreamRequest request, ProviderAnswers answers) => [];

    /// <summary>
    /// What the answers say. Pure. <see cref="SyncFailures.AnswerMalformed"/> when they cannot be read; never a guess.
    /// </summary>
    /// <param name="before">The stored items that <see cref="Needs"/> named, as far as there are any.</param>
    Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before);
}
