namespace PracticPro.Simulation.Rotate;

/// <summary>What becomes of a program that rotates.</summary>
internal enum FateKind
{
    /// <summary>It finishes.</summary>
    Lives,

    /// <summary>It is killed just before a write.</summary>
    DiesBefore,

    /// <summary>It is killed just after a write.</summary>
    DiesAfter,

    /// <summary>
    /// It stops for so long before a write that others go on in its place, then writes after all, and is killed.
    /// </summary>
    Sleeps,

    /// <summary>The same, before a write of new data keys or of what is said of them.</summary>
    SleepsBeforeKeys,
}

/// <summary>When it meets it: at the write of that number, counted from one.</summary>
internal sealed class Fate(FateKind kind, int at, TimeProvider time)
{
    private static readonly TimeSpan LongSleep = TimeSpan.FromMinutes(20);
    private int writes;
    private volatile bool isDead;

    public FateKind Kind => kind;

    /// <summary>Writes it came to.</summary>
    public int Writes => Volatile.Read(ref writes);

    /// <summary>It did not come so far.</summary>
    public bool IsAvoided => kind != FateKind.Lives && Writes < at;

    public void ThrowIfDead()
    {
        if (isDead)
        {
            throw new KilledException();
        }
    }

    /// <param name="isOfKeys">Whether the write stores data keys.</param>
    public async ValueTask BeforeWriteAsync(bool isOfKeys)
    {
        var counts = isOfKeys || kind != FateKind.SleepsBeforeKeys;
        if (!counts || Interlocked.Increment(ref writes) != at)
        {
            return;
        }

        if (kind is FateKind.Sleeps or FateKind.SleepsBeforeKeys)
        {
            await Task.Delay(LongSleep, time);
        }

        isDead |= kind == FateKind.DiesBefore;
        ThrowIfDead();
    }

    public void AfterWrite()
    {
        isDead |= kind is not FateKind.Lives and not FateKind.DiesBefore && Writes >= at;
        ThrowIfDead();
    }
}

/// <summary>The program was killed: from here nothing of it reaches a store.</summary>
internal sealed class KilledException() : Exception("Killed.");
