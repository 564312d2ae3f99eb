using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Sync.Streams;

/// <summary>What a provider was asked for one step and what that says, before anything of it is stored.</summary>
/// <param name="Taken">The entry of the journal that explains it.</param>
internal sealed record PageRead(JournalStep Taken, StreamAdvance Advance)
{
    /// <summary>For the page at which a reading is.</summary>
    public static StreamRequest.Read Request(StreamCursor cursor) => new(cursor.Point, cursor.Page);

    /// <summary>Asks the provider, and understands.</summary>
    public static async Task<Outcome<PageRead>> AskAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, CancellationToken cancellation)
    {
        var fetched = await step.Source(cursor.Stream).FetchAsync(asked, id => KnownAsync(step, cursor, id, cancellation), cancellation);
        return fetched.Try(out var answers, out var why) ? await OfAsync(step, cursor, asked, answers, cancellation) : why;
    }

    /// <summary>What those answers say against what is stored now.</summary>
    public static async Task<Outcome<PageRead>> OfAsync(
        StepScope step, StreamCursor cursor, StreamRequest asked, ProviderAnswers answers, CancellationToken cancellation)
    {
        var source = step.Source(cursor.Stream);
        var known = ImmutableDictionary.CreateBuilder<string, MirroredItem>(StringComparer.Ordinal);
        foreach (var id in source.Needs(asked, answers))
        {
            if (await KnownAsync(step, cursor, id, cancellation) is { } item)
            {
                known[id] = item;
            }
        }

        return StreamProgress.After(source, cursor, asked, answers, known, step.News.Mark, step.Now).Then(advance => new PageRead(
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
    }

    /// <summary>What is stored of an item.</summary>
    public static ValueTask<MirroredItem?> KnownAsync(
        StepScope step, StreamCursor cursor, string id, CancellationToken cancellation) =>
        step.Source(cursor.Stream).Mirror.FindAsync(step.Tenant, cursor.Connection, id, cancellation);
}
