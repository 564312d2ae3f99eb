using PracticPro.Kernel;

namespace PracticPro.Sync.Streams;

/// <summary>
/// A reading's next page, asked for while the one before it is written. What its calls have to know of the store they are
/// told when that page is there: they see what they would have seen one after the other. Disposed without having been read,
/// its calls end and nothing is left of it.
/// </summary>
internal sealed class PageAhead : IAsyncDisposable
{
    private readonly StreamRequest asked;
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource end;
    private readonly Task<Outcome<ProviderAnswers>> answers;

    private PageAhead(StepScope step, StreamCursor cursor, StreamRequest asked, CancellationToken cancellation)
    {
        this.asked = asked;
        end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        answers = step.Source(cursor.Stream).FetchAsync(asked, KnownAsync, end.Token);

        async ValueTask<MirroredItem?> KnownAsync(string id)
        {
            await written.Task.WaitAsync(end.Token);
            return await PageRead.KnownAsync(step, cursor, id, end.Token);
        }
    }

    /// <param name="cursor">As it will be when the page before is written.</param>
    public static PageAhead Ask(StepScope step, StreamCursor cursor, CancellationToken cancellation) =>
        new(step, cursor, PageRead.Request(cursor), cancellation);

    /// <summary>What it says, now that the page before it is written.</summary>
    /// <param name="step">With the cursor as that page left it.</param>
    public async Task<Outcome<PageRead>> ReadAsync(StepScope step, StreamCursor cursor, CancellationToken cancellation)
    {
        written.TrySetResult();
        return (await answers).Try(out var answered, out var why)
            ? await PageRead.OfAsync(step, cursor, asked, answered, cancellation)
            : why;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await ((Task)answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }
}
