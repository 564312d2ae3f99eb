using System.Collections.Concurrent;

namespace PracticPro.Simulation.Rotate;

/// <summary>
/// Moves the clock as fast as everybody keeps up: no piece of work is given less time than it would have had, and no process
/// is made to look cut off. A busy machine only makes hours take longer.
/// </summary>
internal sealed class Pacer(SwiftClock clock, Pace pace)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SmallStep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWork = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<object, long> working = [];
    private readonly ConcurrentBag<Func<bool>> followers = [];
    private readonly ConcurrentDictionary<RotatorTime, bool> rotators = [];

    /// <summary>Time stands still while that says no.</summary>
    public void WaitFor(Func<bool> keepsUp) => followers.Add(keepsUp);

    /// <summary>Time goes slowly while one that has it works and does not wait, until it is forgotten.</summary>
    public RotatorTime ForRotation()
    {
        var time = new RotatorTime(clock);
        rotators[time] = true;
        return time;
    }

    public void Forget(RotatorTime time) => rotators.TryRemove(time, out _);

    /// <summary>A piece of work, which is over when what this returns is disposed.</summary>
    public IDisposable Work()
    {
        var work = new Piece(this);
        working[work] = clock.GetTimestamp();
        return work;
    }

    public async Task RunAsync(CancellationToken enough)
    {
        for (var steps = 1; !enough.IsCancellationRequested; steps++)
        {
            var areWaiting = rotators.Keys.All(static time => time.IsWaiting);
            if (working.Values.Any(at => clock.GetElapsedTime(at) > LongestWork) || !followers.All(static keepsUp => keepsUp()))
            {
                await Task.Yield();
                continue;
            }

            clock.Advance(areWaiting ? pace.Step : SmallStep);
            if (!areWaiting || steps % pace.StepsAPause == 0)
            {
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private sealed class Piece(Pacer pacer) : IDisposable
    {
        public void Dispose() => pacer.working.TryRemove(this, out _);
    }
}
