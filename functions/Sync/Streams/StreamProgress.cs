using PracticPro.Kernel;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams;

/// <summary>What one step understood: the page with its items as they will be stored, and how far the stream is after it.</summary>
/// <param name="IsTold">Notifications tell of such a stream's changes.</param>
internal sealed record StreamAdvance(StreamPage Page, StreamCursor Next, bool IsTold)
{
    public bool IsEmpty => Page is { Present.Length: 0, Gone.Length: 0 };

    /// <summary>News of a stream that was complete already, and nothing had told of them.</summary>
    public bool CameUntold(JournalStep step) =>
        IsTold && !IsEmpty && !step.Told && step.Asked is StreamRequest.Follow && step.Before.CompleteSince is not null;
}

/// <summary>
/// From a cursor and a provider's answers to the next cursor. Pure: the live step, the step that a crash cut short and a
/// replay all go through here.
/// </summary>
internal static class StreamProgress
{
    /// <param name="heard">Mark of the nudge that the step sees to, if it follows to the end.</param>
    public static Outcome<StreamAdvance> After(
        IStreamSource source,
        StreamCursor before,
        StreamRequest asked,
        ProviderAnswers answers,
        IReadOnlyDictionary<string, MirroredItem> known,
        string? heard,
        DateTimeOffset at)
    {
        var reduced = source.Reduce(asked, answers, known);
        if (!reduced.Try(out var page, out var why))
        {
            return why;
        }

        if (!IsSound(page) || Advanced(before, asked, page, heard, at) is not { } next)
        {
            return new SyncFailures.AnswerMalformed();
        }

        next = next with { SteppedAt = at, RestUntil = null, Failures = 0 };
        return new StreamAdvance(page with { Present = [.. page.Present.Select(item => Dated(item, next))] }, next, source.IsTold);
    }

    /// <summary>
    /// The same stream about to be read from the start again: its page is no longer known at the provider. What a reading that
    /// pinned no point has seen so far was seen by none: it may be gone before the next one begins, and nothing would tell so.
    /// </summary>
    public static StreamCursor FromTheTop(StreamCursor before) => before.Phase == SyncPhase.Listing
        ? before with { Page = null, Stored = 0, Generation = before.Generation + (before.Point is null ? 1 : 0) }
        : before with { Page = null };

    /// <summary>
    /// The provider no longer has the stream: a generation of its own, in which nothing was seen. Also of one that was never
    /// read: something may have been found in it by another.
    /// </summary>
    public static StreamCursor Vanished(StreamCursor before) => before with
    {
        Phase = SyncPhase.Closing,
        Generation = before.Generation + 1,
        Page = null,
        RestUntil = null,
        Failures = 0,
    };

    /// <summary>
    /// Something was found in a stream that nobody follows. It is in none of its readings: that alone is asked about, and not
    /// what was seen in the last one.
    /// </summary>
    public static StreamCursor Strayed(StreamCursor before) =>
        Vanished(before) with { Generation = Math.Max(before.Generation, 1) };

    private static StreamCursor? Advanced(
        StreamCursor before, StreamRequest asked, StreamPage page, string? heard, DateTimeOffset at) => asked switch
    {
        StreamRequest.Begin => before with
        {
            Phase = SyncPhase.Listing,
            Generation = before.Generation + 1,
            Point = page.NextPoint,
            Page = null,
            Total = page.Total ?? 0,
            Stored = 0,
            Owes = true,
        },
        StreamRequest.Read when page.NextPage is not null => before with
        {
            Page = page.NextPage,
            Total = page.Total ?? before.Total,
            Stored = before.Stored + page.Present.Length,
        },

        // A reading that gives no point, and was begun from none, can never be followed.
        StreamRequest.Read => (page.NextPoint ?? before.Point) is not { } point ? null : before with
        {
            Phase = SyncPhase.Sweeping,
            Point = point,
            Page = null,
            Total = page.Total ?? before.Total,
            Stored = before.Stored + page.Present.Length,
        },
        StreamRequest.Follow when page.NextPage is not null => before with { Page = page.NextPage },
        StreamRequest.Follow => before with
        {
            Point = page.NextPoint ?? before.Point,
            Page = null,
            LookedAt = at,
            CompleteSince = before.CompleteSince ?? at,
            Owes = false,
            Heard = heard ?? before.Heard,
        },
        _ => before,
    };

    // An item that turned up in another stream was seen in none of that one's readings yet.
    private static MirroredItem Dated(MirroredItem item, StreamCursor next) =>
        item with { Generation = item.Stream == next.Stream ? next.Generation : 0 };

    private static bool IsSound(StreamPage page)
    {
        var ids = new HashSet<string>(page.Present.Length + page.Gone.Length, StringComparer.Ordinal);
        return page.Present.All(item => ids.Add(item.SourceId))
            && page.Gone.All(ids.Add)
            && (page.NextPage is null || page.NextPoint is null);
    }
}
