using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// Tells every process to let go of a tenant's keys, and hears it from others. The announcements are a log in the fleet's
/// directory: entry 1, 2, 3, … is claimed by who announces, so that of two at once each gets a number of its own and none is
/// lost. Every process asks for the next number every <see cref="Every"/>; one that could not for
/// <see cref="RevocationHearing.Patience"/> uses no keys at all.
/// <list type="bullet">
/// <item>Durable: what was announced once is heard by every process that runs, also after a crash of who announced.</item>
/// <item>Who announces twice only empties caches twice.</item>
/// <item>A process that starts holds no keys, and so begins at the end of the log.</item>
/// </list>
/// </summary>
internal sealed class KeyRevocations : IDisposable
{
    /// <summary>How often it is asked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From when an announcement is out until no process has keys from before it: patience, and a second for clocks that run
    /// at unlike speeds.
    /// </summary>
    public static readonly TimeSpan HeardWithin = RevocationHearing.Patience + TimeSpan.FromSeconds(1);

    private const string Directory = "key-revocations";

    private readonly IFleet fleet;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim oneAsker = new(1, 1);
    private readonly ITimer timer;
    private readonly List<Action<TenantId>> listeners = [];
    private readonly List<Action> endings = [];
    private long next;
    private int keeping;

    public KeyRevocations(IFleet fleet, TimeProvider time)
    {
        (this.fleet, this.time, Hearing) = (fleet, time, new RevocationHearing(time));
        timer = time.CreateTimer(_ => _ = KeepHearingAsync(), null, Every, Every);
    }

    public RevocationHearing Hearing { get; }

    /// <summary>Whom to tell. For the time when things are put together: not to be called once hearing goes on.</summary>
    /// <param name="end">A tenant's keys are to be zeroed.</param>
    /// <param name="endAll">All are: nothing was heard for too long.</param>
    public void Tell(Action<TenantId> end, Action endAll)
    {
        listeners.Add(end);
        endings.Add(endAll);
    }

    /// <summary>
    /// Announces that keys of this tenant unwrapped before now must not be used. They are zeroed here when it returns.
    /// </summary>
    /// <returns>The moment from which no process has them.</returns>
    public async ValueTask<DateTimeOffset> AnnounceAsync(TenantId tenant, CancellationToken cancellation)
    {
        await FindEndAsync(cancellation);
        var mark = new FleetEntry(tenant, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        var at = Interlocked.Read(ref next);
        while (!await fleet.ClaimAsync(KeyOf(at), mark, cancellation))
        {
            at++;
        }

        var heardBy = time.GetUtcNow() + HeardWithin;
        await AskAsync(cancellation);
        return heardBy;
    }

    /// <summary>Returns when this process has heard of what was announced up to a moment ago.</summary>
    public async ValueTask HearAsync(CancellationToken cancellation)
    {
        if (Hearing.IsWithin(Every))
        {
            return;
        }

        try
        {
            await AskAsync(cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested && !Hearing.IsTooLongAgo)
        {
            // There is patience left; the timer goes on trying.
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        oneAsker.Dispose();
    }

    private static FleetKey KeyOf(long number) => new(Directory, number.ToString("D19", CultureInfo.InvariantCulture));

    private async Task AskAsync(CancellationToken cancellation)
    {
        await oneAsker.WaitAsync(cancellation);
        try
        {
            if (Hearing.IsTooLongAgo)
            {
                // Before anybody hears again and opens anew: what is held is of no known age, and is refused already.
                endings.ForEach(static end => end());
            }

            await FindEndAloneAsync(cancellation);
            long askedAt;
            while (true)
            {
                askedAt = time.GetTimestamp();
                if (await fleet.FindAsync(KeyOf(next), cancellation) is not { } announced)
                {
                    break;
                }

                listeners.ForEach(end => end(announced.Tenant));
                Interlocked.Increment(ref next);
            }

            Hearing.Heard(askedAt);
        }
        finally
        {
            oneAsker.Release();
        }
    }

    private async ValueTask FindEndAsync(CancellationToken cancellation)
    {
        await oneAsker.WaitAsync(cancellation);
        try
        {
            await FindEndAloneAsync(cancellation);
        }
        finally
        {
            oneAsker.Release();
        }
    }

    /// <summary>The first time: the log has no holes, so its end is found by doubling and halving.</summary>
    private async ValueTask FindEndAloneAsync(CancellationToken cancellation)
    {
        if (next > 0)
        {
            return;
        }

        var (there, beyond) = (0L, 1L);
        while (await IsThereAsync(beyond, cancellation))
        {
            (there, beyond) = (beyond, beyond * 2);
        }

        while (beyond - there > 1)
        {
            var middle = there + ((beyond - there) / 2);
            (there, beyond) = await IsThereAsync(middle, cancellation) ? (middle, beyond) : (there, middle);
        }

        Interlocked.Exchange(ref next, beyond);
    }

    private async ValueTask<bool> IsThereAsync(long number, CancellationToken cancellation) =>
        await fleet.FindAsync(KeyOf(number), cancellation) is not null;

    private async Task KeepHearingAsync()
    {
        if (Interlocked.Exchange(ref keeping, 1) == 1)
        {
            // The last question is still on its way.
            return;
        }

        try
        {
            await HearAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it was: nothing is heard, which is what counts. Another try follows.
        }
        finally
        {
            Volatile.Write(ref keeping, 0);
        }
    }
}
