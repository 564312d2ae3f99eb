using System.Collections.Concurrent;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// The threads that turns run on: few, and none that anything else needs. A turn cannot be stopped from outside, so one
/// that exceeds its time is left alone on its thread and another thread takes the place, up to a limit.
/// </summary>
internal sealed class TurnCrew : IDisposable
{
    private readonly BlockingCollection<Job> waiting = [];
    private readonly TimeProvider time;
    private readonly int mostLost;
    private int lost;

    /// <param name="threads">Turns taken at once.</param>
    /// <param name="mostLost">Turns that may be left to themselves before <see cref="IsExhausted"/>.</param>
    public TurnCrew(int threads, int mostLost, TimeProvider time)
    {
        (this.mostLost, this.time) = (mostLost, time);
        for (var number = 0; number < threads; number++)
        {
            Hire();
        }
    }

    /// <summary>So many turns never ended that only a new process helps.</summary>
    public bool IsExhausted => Volatile.Read(ref lost) > mostLost;

    /// <exception cref="TimeoutException">It did not begin, or did not end, within the limit.</exception>
    /// <exception cref="Exception">What the turn threw.</exception>
    public async Task<byte[]> RunAsync(Func<byte[]> turn, TimeSpan limit)
    {
        var job = new Job(turn);
        waiting.Add(job);
        try
        {
            return await job.Result.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            if (job.LeaveAlone() && Interlocked.Increment(ref lost) <= mostLost)
            {
                Hire();
            }

            throw;
        }
    }

    public void Dispose() => waiting.CompleteAdding();

    private void Hire() => new Thread(Work) { IsBackground = true, Name = "turns" }.Start();

    private void Work()
    {
        foreach (var job in waiting.GetConsumingEnumerable())
        {
            if (job.Run())
            {
                continue;
            }

            // It ended after all; another has this one's place.
            if (Interlocked.Decrement(ref lost) < mostLost)
            {
                return;
            }
        }
    }

    /// <summary>One turn on its way: waiting, running, then done or left alone.</summary>
    private sealed class Job(Func<byte[]> turn)
    {
        private const int Waiting = 0;
        private const int Running = 1;
        private const int Over = 2;

        private readonly TaskCompletionSource<byte[]> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int state;

        public Task<byte[]> Result => result.Task;

        /// <summary>False when it was left alone while it ran.</summary>
        public bool Run()
        {
            if (Interlocked.CompareExchange(ref state, Running, Waiting) != Waiting)
            {
                return true;
            }

            try
            {
                result.TrySetResult(turn());
            }
            catch (Exception broken)
            {
                result.TrySetException(broken);
            }

            return Interlocked.Exchange(ref state, Over) == Running;
        }

        /// <summary>True when it runs and nobody waits for it any more.</summary>
        public bool LeaveAlone() => Interlocked.Exchange(ref state, Over) == Running;
    }
}
