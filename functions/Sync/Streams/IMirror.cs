using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams;

/// <summary>
/// How items of one sort are kept. Writing the same part twice gives what writing it once gives. For most sorts
/// <see cref="RecordMirror{T}"/> is all there is to it; mail has facts that follow from it.
/// </summary>
internal interface IMirror
{
    /// <summary>Name of the kind of record: <c>mail-message</c>.</summary>
    string Sort { get; }

    /// <summary>Records that an item touches at most, itself included.</summary>
    int Touched { get; }

    /// <summary>
    /// What is written with an item besides itself, each by a name that is equal for what is one record. Items with the same
    /// first name are written together, so that what follows from all of them is written once.
    /// </summary>
    IEnumerable<string> FollowsFrom(MirroredItem item);

    /// <summary>The stored item, in whichever stream it was seen last; null when there is none.</summary>
    ValueTask<MirroredItem?> FindAsync(
        TenantScope scope, ConnectionId connection, string sourceId, CancellationToken cancellation);

    /// <summary>
    /// What brings the store in step with a part of a page; nothing where it is. Conditional on what was read. An item that
    /// another stream showed last is not deleted: it moved.
    /// </summary>
    Task<MirrorChanges> ChangesAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, StreamPart part, CancellationToken cancellation);

    /// <summary>Ids of items that this stream showed last and that no reading saw since <paramref name="generation"/> began.</summary>
    Task<ImmutableArray<string>> UnseenAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, int generation, int most, CancellationToken cancellation);

    /// <summary>The item as it is stored: with what only the tenant's keys can add.</summary>
    MirroredItem Settled(TenantScope scope, MirroredItem item);

    /// <summary>The record of an item as it is stored.</summary>
    Document Seal(TenantScope scope, MirroredItem settled);

    /// <summary>The item's JSON; equal for equal items.</summary>
    byte[] Canonical(MirroredItem item);

    /// <summary>The item of such JSON.</summary>
    MirroredItem Read(ReadOnlySpan<byte> canonical);
}

/// <summary>What is to be written of a part of a page.</summary>
/// <param name="Looked">
/// The records it follows from and the records it is about: while none of them is written by somebody else, it stays what is to
/// be written. Lists that were read belong to one of them: a conversation's messages to the conversation.
/// </param>
internal sealed record MirrorChanges(IReadOnlyList<Operation> Operations, IReadOnlySet<DocumentKey> Looked);
