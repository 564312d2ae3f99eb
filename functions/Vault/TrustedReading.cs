using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>
/// How a process keeps up with what others decide about the platform's keys. What it read is looked at anew every
/// <see cref="LookEvery"/>, and is good for <see cref="TrustFor"/>: one that could not look for so long goes on with nothing. So
/// whoever decides something and waits for longer than that can rely on everybody knowing it.
/// </summary>
/// <param name="read">Reads it all anew.</param>
internal sealed class TrustedReading(TimeProvider time, Func<CancellationToken, ValueTask> read) : IDisposable
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan TrustFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim oneLooker = new(1, 1);
    private long lookAt;
    private long trustUntil;

    /// <summary>Returns when what was read may be gone by.</summary>
    /// <exception cref="KeyStoreUnavailableException">It was not read for too long, and cannot be now.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancellation)
    {
        if (time.GetTimestamp() < Interlocked.Read(ref lookAt))
        {
            return;
        }

        var isTrusted = time.GetTimestamp() < Interlocked.Read(ref trustUntil);
        if (!await oneLooker.WaitAsync(isTrusted ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellation))
        {
            // Somebody is looking; what is known is good meanwhile.
            return;
        }

        try
        {
            if (time.GetTimestamp() >= Interlocked.Read(ref lookAt))
            {
                await ReadAsync(cancellation);
            }
        }
        catch (Exception away) when (isTrusted && away is KeyStoreUnavailableException or StorageUnavailableException)
        {
            Interlocked.Exchange(ref lookAt, After(time.GetTimestamp(), Pause));
        }
        catch (StorageUnavailableException)
        {
            throw new KeyStoreUnavailableException(new KeyStoreFailures.Unreachable());
        }
        finally
        {
            oneLooker.Release();
        }
    }

    /// <summary>Reads anew now.</summary>
    public async ValueTask LookAsync(CancellationToken cancellation)
    {
        await oneLooker.WaitAsync(cancellation);
        try
        {
            await ReadAsync(cancellation);
        }
        finally
        {
            oneLooker.Release();
        }
    }

    public void Dispose() => oneLooker.Dispose();

    private async ValueTask ReadAsync(CancellationToken cancellation)
    {
        // Before it is read: what is decided while the answer is on its way may not be in it.
        var from = time.GetTimestamp();
        await read(cancellation);
        Interlocked.Exchange(ref lookAt, After(from, LookEvery));
        Interlocked.Exchange(ref trustUntil, After(from, TrustFor));
    }

    private long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);
}
