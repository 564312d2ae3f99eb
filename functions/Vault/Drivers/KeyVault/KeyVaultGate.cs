using System.Security.Cryptography;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Where all calls to one vault wait for their turn. Only so many requests are under way at once; when the vault throttles,
/// everybody pauses for as long as it said, and goes on one by one with a little chance between them, so that the end of a
/// pause is no stampede. Nobody waits for longer than the patience, and no more than a number: who would have to fails
/// at once with <see cref="KeyStoreFailures.Throttled"/>.
/// </summary>
internal sealed class KeyVaultGate(int mostAtOnce, int mostWaiting, TimeSpan patience, TimeProvider time)
{
    private const int JitterMilliseconds = 250;

    // 16 seconds, by doubling.
    private const int LongestRow = 5;

    private readonly SemaphoreSlim slots = new(mostAtOnce);
    private readonly Lock gate = new();
    private long pausedUntil = time.GetTimestamp();
    private int throttledInARow;
    private int waiting;

    /// <summary>Waits for a place. Dispose what it gives when the request has its answer.</summary>
    /// <param name="since">When the call began, as <see cref="TimeProvider.GetTimestamp"/> says it.</param>
    /// <exception cref="KeyStoreUnavailableException">Too many wait, or for too long.</exception>
    public async ValueTask<IDisposable> EnterAsync(long since, CancellationToken cancellation)
    {
        var left = patience - time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero || PauseLeft() > left)
        {
            throw Throttled();
        }

        if (Interlocked.Increment(ref waiting) > mostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw Throttled();
        }

        using var limit = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await slots.WaitAsync(either.Token);
            try
            {
                await PauseAsync(either.Token);
            }
            catch
            {
                slots.Release();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Throttled();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        return new Place(slots);
    }

    /// <summary>The vault throttles: everybody pauses.</summary>
    /// <param name="wait">What it said; null when it said nothing, which is then 1, 2, 4 … 16 seconds.</param>
    /// <returns>The pause.</returns>
    public TimeSpan Hold(TimeSpan? wait)
    {
        lock (gate)
        {
            // Answers to requests that were under way when the pause began belong to it.
            var now = time.GetTimestamp();
            throttledInARow = now < pausedUntil ? throttledInARow : Math.Min(throttledInARow + 1, LongestRow);
            var pause = wait ?? TimeSpan.FromSeconds(1 << (throttledInARow - 1));
            pausedUntil = Math.Max(pausedUntil, now + (long)(pause.TotalSeconds * time.TimestampFrequency));
            return pause;
        }
    }

    /// <summary>The vault took a request.</summary>
    public void Took()
    {
        lock (gate)
        {
            throttledInARow = 0;
        }
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        while (PauseLeft() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(
                left + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(JitterMilliseconds)), time, cancellation);
        }
    }

    private TimeSpan PauseLeft()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            return pausedUntil > now ? time.GetElapsedTime(now, pausedUntil) : TimeSpan.Zero;
        }
    }

    private KeyStoreUnavailableException Throttled() =>
        new(new KeyStoreFailures.Throttled(PauseLeft() is var left && left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1)));

    private sealed class Place(SemaphoreSlim slots) : IDisposable
    {
        private SemaphoreSlim? held = slots;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
