using System.Collections.Immutable;
using PracticPro.Storage;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Parts of one page on their way into the store, some at the same time. The next one is made while those before it are
/// written, and counts only when it looked at no record that one of those is about. Otherwise it goes behind the others; one
/// that was behind them already is made anew when they are over. What was overtaken by somebody else, or is too much for one
/// write, is written alone. Disposed, nothing of it is under way any more.
/// </summary>
/// <param name="parts">To be written together.</param>
/// <param name="last">To be written when all others are; null for none.</param>
internal sealed class PartLine(
    PartWriter writer, IEnumerable<StreamPart> parts, StreamPart? last, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>Parts under way at the same time: what waits together is one wait for the disk.</summary>
    private const int MostAtOnce = 4;

    private readonly Queue<(StreamPart Part, bool IsAgain)> waiting = new(parts.Select(static part => (part, false)));
    private readonly List<Begun> begun = [];
    private readonly List<StreamPart> alone = [];
    private Making? next;
    private Making? end;

    /// <summary>So many of those that were begun, from the first on, are over.</summary>
    private int settled;

    /// <summary>Writes a part before all others.</summary>
    public async Task WriteFirstAsync(StreamPart part, IReadOnlyList<Operation> first)
    {
        MakeNext();
        Over((await writer.WriteAsync(part, made: null, first, PartWriter.Nothing, cancellation)).Looked);
    }

    public async Task WriteTogetherAsync()
    {
        while (next is not null || waiting.Count > 0)
        {
            await WriteNextAsync();
        }

        await SettleAsync(0);
        foreach (var part in alone)
        {
            Over((await writer.WriteAsync(part, made: null, [], PartWriter.Nothing, cancellation)).Looked);
        }
    }

    /// <returns>The new versions of what the last write of it wrote.</returns>
    public async Task<ImmutableDictionary<DocumentKey, DocumentVersion>> WriteLastAsync(PartWriter.With with)
    {
        var made = end is null ? null : await end.Changes;
        var stands = made is not null && !IsStale(made, end!.Since);
        return (await writer.WriteAsync(last!, stands ? made : null, [], with, cancellation)).Versions;
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll([.. begun.Select(static Task (one) => one.Outcome), Of(next), Of(end)])
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static Task Of(Making? making) => making?.Changes ?? Task.CompletedTask;

    private async Task WriteNextAsync()
    {
        if (next is null)
        {
            MakeNext();
        }

        var (part, isAgain, changes, since) = next!;
        var made = await changes;
        MakeNext();
        if (IsStale(made, since))
        {
            if (!isAgain)
            {
                waiting.Enqueue((part, true));
                return;
            }

            await SettleAsync(0);
            made = await writer.MakeAsync(part, cancellation);
        }

        await SettleAsync(MostAtOnce - 1);
        if (writer.TryWriteOnce(made, cancellation) is { } writing)
        {
            begun.Add(new Begun(part, made.Looked, writing));
        }
        else
        {
            alone.Add(part);
        }
    }

    /// <summary>Begins to make what is written next.</summary>
    private void MakeNext()
    {
        next = waiting.TryDequeue(out var one) ? Make(one.Part, one.IsAgain) : null;
        if (next is null && last is not null)
        {
            end ??= Make(last, isAgain: false);
        }
    }

    // On a thread of its own: looking things up and folding them takes as long as writing them.
    private Making Make(StreamPart part, bool isAgain) =>
        new(part, isAgain, Task.Run(() => writer.MakeAsync(part, cancellation), cancellation), settled);

    private bool IsStale(MirrorChanges made, int since) =>
        begun.Skip(since).Any(other => other.Looked.Overlaps(made.Looked));

    /// <summary>Waits for the oldest until that many are left.</summary>
    private async Task SettleAsync(int left)
    {
        while (begun.Count - settled > left)
        {
            var oldest = begun[settled];
            if (await oldest.Outcome is not CommitOutcome.Committed)
            {
                alone.Add(oldest.Part!);
            }

            settled++;
        }
    }

    // Only while nothing else is under way.
    private void Over(IReadOnlySet<DocumentKey> looked)
    {
        begun.Add(new Begun(null, looked, PartWriter.Over));
        settled = begun.Count;
    }

    /// <summary>A part that is made, or being made.</summary>
    /// <param name="IsAgain">It was made before, and that did not stand.</param>
    /// <param name="Since">So many of those that were begun were over by then; it may have seen none of the others.</param>
    private sealed record Making(StreamPart Part, bool IsAgain, Task<MirrorChanges> Changes, int Since);

    private sealed record Begun(StreamPart? Part, IReadOnlySet<DocumentKey> Looked, Task<CommitOutcome> Outcome);
}
