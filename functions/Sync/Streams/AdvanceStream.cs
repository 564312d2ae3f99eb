using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams;

/// <summary>
/// One step of one stream: ask the provider, understand, keep. What is understood is in the journal before it is stored; a
/// step that a crash cut short is finished from there, and the provider is not asked again.
/// </summary>
internal static class AdvanceStream
{
    private const int AskedAtOnce = 100;

    /// <summary>Where a step of a stream left it.</summary>
    /// <param name="Why">Why there is no more of it; null when all is well.</param>
    public sealed record End(StepScope Step, StreamCursor Cursor, Failure? Why);

    public static async Task<End> RunAsync(
        StepScope step, StreamStep.OfStream plan, ReadingTime reading, CancellationToken cancellation)
    {
        if (plan is StreamStep.Read)
        {
            return await ReadAsync(step, plan.Cursor, reading, cancellation);
        }

        var outcome = plan switch
        {
            StreamStep.Begin => await AskAsync(step, plan.Cursor, new StreamRequest.Begin(), cancellation),
            StreamStep.Follow { Cursor.Point: { } point } =>
                await AskAsync(step, plan.Cursor, new StreamRequest.Follow(point, plan.Cursor.Page), cancellation),
            StreamStep.Sweep => await SweepAsync(step, plan.Cursor, cancellation),
            _ => throw new InvalidOperationException("No step of a stream."),
        };
        return new End(step, plan.Cursor, outcome.Failure);
    }

    /// <summary>Finishes the step that is in the journal and not in any cursor yet. False when there is none.</summary>
    public static async Task<bool> FinishAsync(StepScope step, CancellationToken cancellation)
    {
        JournalStep? begun;
        try
        {
            begun = await SyncJournal.FindAsync(
                step.Tenant, step.Connection.Id, step.NextSequence, stream => step.Source(stream).Mirror, cancellation);
        }
        catch (JsonException)
        {
            await SyncJournal.DropAsync(step.Tenant, step.Connection.Id, step.NextSequence, cancellation);
            return false;
        }

        if (begun is null)
        {
            return false;
        }

        if (step.Cursors.Any(cursor => cursor.Value.Stream == begun.Before.Stream)
            && Understood(step, begun).Try(out var advance, out _))
        {
            await WriteStep.RunAsync(step, SealedPage.OfKept(step, PageRead.Of(begun, advance)), cancellation);
            return true;
        }

        await SyncJournal.DropAsync(step.Tenant, step.Connection.Id, step.NextSequence, cancellation);
        return false;
    }

    private static async Task<Outcome<Done>> SweepAsync(StepScope step, StreamCursor cursor, CancellationToken cancellation)
    {
        var unseen = await step.Source(cursor.Stream).Mirror.UnseenAsync(
            step.Tenant, cursor.Connection, cursor.Stream, cursor.Generation, AskedAtOnce, cancellation);
        if (!unseen.IsEmpty)
        {
            return await AskAsync(step, cursor, new StreamRequest.Ask(unseen), cancellation);
        }

        var isEnd = cursor.Phase == SyncPhase.Closing;
        await KeepAsync(
            step,
            cursor,
            cursor with { Phase = isEnd ? SyncPhase.Closed : SyncPhase.InStep },
            isEnd ? await KeepCoverage.OfEndAsync(step, cursor, cancellation) : [],
            cancellation);
        return Done.Value;
    }

    /// <summary>
    /// Reads page after page for a moment. While one is written those behind it are asked for, so that neither waits for the
    /// other. Each page is a step of its own in journal and cursor: a crash loses none.
    /// </summary>
    private static async Task<End> ReadAsync(
        StepScope step, StreamCursor cursor, ReadingTime reading, CancellationToken cancellation)
    {
        await using var pages = new PagesAhead(step, cursor, reading, cancellation);
        while (await pages.NextAsync() is { } outcome)
        {
            if (!outcome.Try(out var page, out var why))
            {
                var refused = await RefusedAsync(step, cursor, PageRead.Request(cursor), why, cancellation);
                return new End(step, cursor, refused.Failure);
            }

            var stored = await WriteStep.RunAsync(step, page, cancellation);
            (step, cursor) = (step.With(stored, reading.Now), stored.Value);
        }

        return new End(step, cursor, Why: null);
    }

    private static async Task<Outcome<Done>> AskAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, CancellationToken cancellation)
    {
        var outcome = await PageRead.AskAsync(step, cursor, asked, cancellation);
        if (!outcome.Try(out var read, out var why))
        {
            return await RefusedAsync(step, cursor, asked, why, cancellation);
        }

        await WriteStep.RunAsync(step, SealedPage.Of(step, read), cancellation);
        return Done.Value;
    }

    private static async Task<Outcome<Done>> RefusedAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, Failure why, CancellationToken cancellation) =>
        why is SyncFailures.CursorExpired ? await ExpiredAsync(step, cursor, asked, why, cancellation) : why;

    /// <summary>
    /// A page that is no longer known is begun again, from the same point; a point that is not: everything is read anew. After a
    /// rest, where that was just done: a provider that forgets at once is not read without end.
    /// </summary>
    private static async Task<Outcome<Done>> ExpiredAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, Failure why, CancellationToken cancellation)
    {
        switch (asked)
        {
            case StreamRequest.Read { Page: not null } or StreamRequest.Follow { Page: not null }:
                await KeepAsync(step, cursor, StreamProgress.FromTheTop(cursor), [], cancellation);
                return Done.Value;
            case StreamRequest.Follow when !cursor.Owes || cursor.Failures > 0:
                return await AskAsync(step, cursor, new StreamRequest.Begin(), cancellation);
            default:
                return why;
        }
    }

    /// <summary>Keeps a cursor that moved without an answer of the provider's.</summary>
    /// <param name="more">Goes with it in one write.</param>
    private static async Task KeepAsync(
        StepScope step, StreamCursor before, StreamCursor next, IReadOnlyList<Operation> more, CancellationToken cancellation) =>
        await step.Tenant.CommitAsync(
            [step.Tenant.Put(SyncKinds.Cursor, next, Condition.Is(step.Stored(before).Version)), .. more], cancellation);

    private static Outcome<StreamAdvance> Understood(StepScope step, JournalStep begun) => StreamProgress.After(
        step.Source(begun.Before.Stream), begun.Before, begun.Asked, begun.Answers, begun.Known, begun.Heard, begun.At);
}
