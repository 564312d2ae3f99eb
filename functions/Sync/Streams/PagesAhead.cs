using System.Threading.Channels;
using PracticPro.Kernel;

namespace PracticPro.Sync.Streams;

/// <summary>
/// The pages of a reading, each asked for, understood and sealed while those before it are written: while one is written and one is
/// ready to be, one more is asked for. What a page has to know of the store it is told when all before it is there: it sees what it
/// would have seen one after the other. Disposed before all were taken, its calls end and nothing is left of them.
/// </summary>
internal sealed class PagesAhead : IAsyncDisposable
{
    private readonly Channel<Page> pages = Channel.CreateBounded<Page>(capacity: 1);
    private readonly CancellationTokenSource end;
    private readonly Task asking;

    /// <summary>Asks for the first.</summary>
    /// <param name="cursor">Where the reading is.</param>
    /// <param name="reading">When it is over, no further page is asked for.</param>
    public PagesAhead(StepScope step, StreamCursor cursor, ReadingTime reading, CancellationToken cancellation)
    {
        end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        asking = AskAsync(step, cursor, reading, end.Token);
    }

    /// <summary>The next page, now that all before it are written; null when no further one was asked for.</summary>
    public async Task<Outcome<SealedPage>?> NextAsync()
    {
        if (!await pages.Reader.WaitToReadAsync(end.Token))
        {
            return null;
        }

        var page = await pages.Reader.ReadAsync(end.Token);
        page.Turn.SetResult();
        return await page.Sealed;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (pages.Reader.TryRead(out var untaken))
        {
            await ((Task)untaken.Sealed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        end.Dispose();
    }

    private async Task AskAsync(StepScope step, StreamCursor cursor, ReadingTime reading, CancellationToken stop)
    {
        Page? page = null;
        try
        {
            while (true)
            {
                page = Page.Ask(step, cursor, stop);
                await pages.Writer.WriteAsync(page, stop);
                if (!(await page.Read).Try(out var read, out _) || !GoesOn(step, read, reading))
                {
                    return;
                }

                (step, cursor) = (step.With(read.Next, reading.Now), read.Next);
            }
        }
        finally
        {
            pages.Writer.Complete();
            await ((Task?)page?.Sealed ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>With a stray stream there is more to a next page than this stream's own cursor.</summary>
    private static bool GoesOn(StepScope step, PageRead read, ReadingTime reading) =>
        read.Next is { Phase: SyncPhase.Listing, Page: not null } && !reading.IsOver && WriteStep.Strays(step, read).IsEmpty;

    /// <param name="Turn">Done when all pages before it are written.</param>
    private sealed record Page(TaskCompletionSource Turn, Task<Outcome<PageRead>> Read, Task<Outcome<SealedPage>> Sealed)
    {
        public static Page Ask(StepScope step, StreamCursor cursor, CancellationToken stop)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var read = PageRead.AskAsync(step, cursor, PageRead.Request(cursor), () => turn.Task.WaitAsync(stop), stop);
            return new Page(turn, read, SealAsync(step, read, stop));
        }

        private static async Task<Outcome<SealedPage>> SealAsync(
            StepScope step, Task<Outcome<PageRead>> reading, CancellationToken stop)
        {
            var outcome = await reading;

            // Not on the way to the next page, which is asked for meanwhile.
            return await Task.Run(() => outcome.Then(read => SealedPage.Of(step, read)), stop);
        }
    }
}
