using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>
/// Work that a worker gave back of its own will waits before it is offered again: at first not at all, then twice as long
/// each time, up to five seconds.
/// </summary>
internal sealed class Refusals(TimeProvider time, CommandQueue queue, CancellationToken stopping)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private readonly Dictionary<long, int> counts = [];

    /// <param name="key">Names the work among all that may be refused.</param>
    /// <param name="again">Runs on the hub's thread.</param>
    public void Delay(long key, Action again)
    {
        var count = counts[key] = counts.GetValueOrDefault(key) + 1;
        if (count == 1)
        {
            again();
            return;
        }

        var wait = First * Math.Pow(2, Math.Min(count - 2, 10));
        _ = LaterAsync(wait < Longest ? wait : Longest, again);
    }

    public void Forget(long key) => counts.Remove(key);

    private async Task LaterAsync(TimeSpan wait, Action again)
    {
        try
        {
            await Task.Delay(wait, time, stopping);
            queue.Post(new Again(again));
        }
        catch (OperationCanceledException)
        {
            // The next start finds it on disk.
        }
    }

    private sealed class Again(Action act) : HubCommand
    {
        public override void Apply(HubCore core) => act();
    }
}
