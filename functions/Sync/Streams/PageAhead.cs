using PracticPro.Kernel;

namespace PracticPro.Sync.Streams;

/// <summary>
/// A reading's next page, asked for and understood while the one before it is written. What that has to know of the store it is
/// told when that page is there: it sees what it would have seen one after the other. Disposed without having been read, its
/// calls end and nothing is left of it.
/// </summary>
internal sealed class PageAhead : IAsyncDisposable
{
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource end;
    private readonly Task<Outcome<PageRead>> reading;

    private PageAhead(StepScope step, StreamCursor cursor, CancellationToken cancellation)
    {
        end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var stop = end.Token;
        reading = PageRead.AskAsync(step, cursor, PageRead.Request(cursor), () => written.Task.WaitAsync(stop), stop);
    }

    /// <param name="cursor">As it will be when the page before is written.</param>
    public static PageAhead Ask(StepScope step, StreamCursor cursor, DateTimeOffset now, CancellationToken cancellation) =>
        new(step.With(cursor, now), cursor, cancellation);

    /// <summary>What it says, now that the page before it is written.</summary>
    public Task<Outcome<PageRead>> ReadAsync()
    {
        written.TrySetResult();
        return reading;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }
}
