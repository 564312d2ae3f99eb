using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams;

/// <summary>
/// One step of one stream: ask the provider, understand, keep. What is understood is in the journal before it is stored; a
/// step that a crash cut short is finished from there, and the provider is not asked again.
/// </summary>
internal static class AdvanceStream
{
    private const int AskedAtOnce = 100;

    public static async Task<Outcome<Done>> RunAsync(
        StepScope step, StreamStep.OfStream plan, CancellationToken cancellation) => plan switch
    {
        StreamStep.Begin begin => await AskAsync(step, begin.Cursor, new StreamRequest.Begin(), cancellation),
        StreamStep.Read read => await AskAsync(step, read.Cursor, new StreamRequest.Read(read.Cursor.Point, read.Cursor.Page), cancellation),
        StreamStep.Follow { Cursor.Point: { } point } follow =>
            await AskAsync(step, follow.Cursor, new StreamRequest.Follow(point, follow.Cursor.Page), cancellation),
        StreamStep.Sweep sweep => await SweepAsync(step, sweep.Cursor, cancellation),
        _ => throw new InvalidOperationException("No step of a stream."),
    };

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
            await WriteStep.RunAsync(step, begun, advance, isKept: true, cancellation);
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

        await KeepAsync(
            step, cursor, cursor with { Phase = cursor.Phase == SyncPhase.Closing ? SyncPhase.Closed : SyncPhase.InStep }, cancellation);
        return Done.Value;
    }

    private static async Task<Outcome<Done>> AskAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, CancellationToken cancellation)
    {
        var source = step.Source(cursor.Stream);
        var fetched = await source.FetchAsync(asked, KnownAsync, cancellation);
        if (!fetched.Try(out var answers, out var why))
        {
            return why is SyncFailures.CursorExpired ? await ExpiredAsync(step, cursor, asked, why, cancellation) : why;
        }

        var known = ImmutableDictionary.CreateBuilder<string, MirroredItem>(StringComparer.Ordinal);
        foreach (var id in source.Needs(asked, answers))
        {
            if (await KnownAsync(id) is { } item)
            {
                known[id] = item;
            }
        }

        var advance = StreamProgress.After(source, cursor, asked, answers, known, step.News.Mark, step.Now);
        if (!advance.Try(out var advanced, out why))
        {
            return why;
        }

        var taken = new JournalStep(
            step.NextSequence,
            cursor,
            asked,
            answers,
            known.ToImmutable(),
            step.News.Mark,
            step.News.Concern(cursor),
            step.Now,
            StepMarks.Of(source.Mirror, advanced.Page));
        await WriteStep.RunAsync(step, taken, advanced, isKept: false, cancellation);
        return Done.Value;

        ValueTask<MirroredItem?> KnownAsync(string id) =>
            source.Mirror.FindAsync(step.Tenant, cursor.Connection, id, cancellation);
    }

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
                await KeepAsync(step, cursor, StreamProgress.FromTheTop(cursor), cancellation);
                return Done.Value;
            case StreamRequest.Follow when !cursor.Owes || cursor.Failures > 0:
                return await AskAsync(step, cursor, new StreamRequest.Begin(), cancellation);
            default:
                return why;
        }
    }

    /// <summary>Keeps a cursor that moved without an answer of the provider's.</summary>
    private static async Task KeepAsync(StepScope step, StreamCursor before, StreamCursor next, CancellationToken cancellation) =>
        await step.Tenant.CommitAsync(
            [step.Tenant.Put(SyncKinds.Cursor, next, Condition.Is(step.Stored(before).Version))], cancellation);

    private static Outcome<StreamAdvance> Understood(StepScope step, JournalStep begun) => StreamProgress.After(
        step.Source(begun.Before.Stream), begun.Before, begun.Asked, begun.Answers, begun.Known, begun.Heard, begun.At);
}
