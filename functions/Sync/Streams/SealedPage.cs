using PracticPro.Audit;
using PracticPro.Storage;

namespace PracticPro.Sync.Streams;

/// <summary>
/// A page as it will be stored, as far as that can be known without looking at the store: the write that waits for its turn waits
/// for nothing else.
/// </summary>
/// <param name="Parts">Its page, in parts that fit one atomic write.</param>
/// <param name="Packed">The entry for the journal; null where it is in the journal already.</param>
internal sealed record SealedPage(PageRead Read, IReadOnlyList<StreamPart> Parts, byte[]? Packed)
{
    /// <summary>Of a step that is new.</summary>
    public static SealedPage Of(StepScope step, PageRead read) => Of(step, read, isKept: false);

    /// <summary>Of a step that is in the journal already.</summary>
    public static SealedPage OfKept(StepScope step, PageRead read) => Of(step, read, isKept: true);

    private static SealedPage Of(StepScope step, PageRead read, bool isKept)
    {
        var mirror = step.Source(read.Taken.Before.Stream).Mirror;
        var page = read.Advance.Page;
        return new SealedPage(
            read,
            StreamPart.Of(page.Present.Select(item => SealedItem.Of(step.Tenant, mirror, item)), page.Gone, mirror),
            isKept ? null : read.Taken.Pack(mirror));
    }
}

/// <summary>An item of a page, and the record it becomes: sealed once, however often the write is made anew.</summary>
/// <param name="Item">As it is stored.</param>
internal sealed record SealedItem(MirroredItem Item, Document Record)
{
    public static SealedItem Of(TenantScope scope, IMirror mirror, MirroredItem item)
    {
        var settled = mirror.Settled(scope, item);
        return new SealedItem(settled, mirror.Seal(scope, settled));
    }
}
