using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams;

/// <summary>What a provider was asked for one step and what that says, before anything of it is stored.</summary>
/// <param name="Taken">What explains it in the journal.</param>
/// <param name="Run">The run of coverage that it belongs to, with it.</param>
/// <param name="Next">The stream's cursor as it will be stored with it.</param>
internal sealed record PageRead(JournalStep Taken, StreamAdvance Advance, CoverageRun Run, StreamCursor Next)
{
    /// <summary>For the page at which a reading is.</summary>
    public static StreamRequest.Read Request(StreamCursor cursor) => new(cursor.Point, cursor.Page);

    /// <summary>Asks the provider, and understands.</summary>
    public static Task<Outcome<PageRead>> AskAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, CancellationToken cancellation) =>
        AskAsync(step, cursor, asked, static () => Task.CompletedTask, cancellation);

    /// <param name="settled">Awaited before anything is looked up in the store.</param>
    /// <inheritdoc cref="AskAsync(StepScope, StreamCursor, StreamRequest, CancellationToken)"/>
    public static async Task<Outcome<PageRead>> AskAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, Func<Task> settled, CancellationToken cancellation)
    {
        var source = step.Source(cursor.Stream);
        var fetched = await source.FetchAsync(asked, KnownAsync, cancellation);
        if (!fetched.Try(out var answers, out var why))
        {
            return why;
        }

        var known = ImmutableDictionary.CreateBuilder<string, MirroredItem>(StringComparer.Ordinal);
        foreach (var id in source.Needs(asked, answers))
        {
            if (await KnownAsync(id) is { } item)
            {
                known[id] = item;
            }
        }

        return StreamProgress.After(source, cursor, asked, answers, known, step.News.Mark, step.Now).Then(advance => Of(
            new JournalStep(
                step.NextSequence,
                cursor,
                asked,
                answers,
                known.ToImmutable(),
                step.News.Mark,
                step.News.Concern(cursor),
                step.Now,
                StepMarks.Of(source.Mirror, advance.Page)),
            advance));

        async ValueTask<MirroredItem?> KnownAsync(string id)
        {
            await settled();
            return await source.Mirror.FindAsync(step.Tenant, cursor.Connection, id, cancellation);
        }
    }

    /// <summary>A step that was taken, understood.</summary>
    public static PageRead Of(JournalStep taken, StreamAdvance advance)
    {
        var run = CoverageRun.With(taken, advance.Next);
        var isProven = taken.Asked is StreamRequest.Follow && advance.Next.Page is null;
        return new PageRead(taken, advance, run, advance.Next with { Sequence = taken.Sequence, Run = isProven ? null : run });
    }
}
