using System.Globalization;

namespace PracticPro.Simulation.Counterparts;

/// <summary>
/// As long as it lasts one service after the other dies and comes back on what it kept, or stops in its tracks for a
/// while: seeded in plan, not in how it falls among what goes on.
/// </summary>
internal sealed class Trouble : IAsyncDisposable
{
    private readonly Random random;
    private readonly Family family;
    private readonly CancellationTokenSource end = new();
    private readonly List<string> story = [];
    private readonly Task going;
    private int happened;

    public Trouble(Random random, Family family)
    {
        (this.random, this.family) = (random, family);
        going = GoOnAsync();
    }

    /// <summary>What happened, in order.</summary>
    public string Story => string.Join(", ", story);

    /// <summary>Returns when so much has happened, whatever the program was doing then: it follows its mailbox all the time.</summary>
    public async Task UntilEnoughAsync(int happenings, CancellationToken cancellation)
    {
        while (Volatile.Read(ref happened) < happenings)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
    }

    /// <summary>Ends it, with every service up.</summary>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await going;
        end.Dispose();
    }

    private async Task GoOnAsync()
    {
        while (!end.IsCancellationRequested)
        {
            await PauseAsync(random.Next(20, 500));
            var victim = family.All[random.Next(family.All.Count)];
            var time = random.Next(20, random.Next(4) == 0 ? 4_000 : 900);
            if (random.Next(2) == 0)
            {
                await victim.KillAsync();
                await PauseAsync(time);
                await victim.StartAsync(CancellationToken.None);
                story.Add(Text($"{victim.Part} killed, back after {time} ms"));
            }
            else
            {
                victim.Stall();
                await PauseAsync(time);
                victim.GoOn();
                story.Add(Text($"{victim.Part} still for {time} ms"));
            }

            Interlocked.Increment(ref happened);
        }
    }

    private async Task PauseAsync(int milliseconds) => await Task
        .Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, end.Token)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
