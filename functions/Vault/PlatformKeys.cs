using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>A look-up value under the keys there are.</summary>
/// <param name="Known">Under every one, newest first: what is looked for.</param>
/// <param name="Claimed">Under those that claims are made under now, oldest first; at least one.</param>
internal sealed record FleetHashes(ImmutableArray<string> Known, ImmutableArray<string> Claimed);

/// <summary>
/// Keys of the platform as a whole, which belong to no tenant. They open nothing: they hash what is looked up before a
/// tenant is known, so that the fleet directory cannot be read back or probed. There is one generation, and two while the
/// key is being changed.
/// <para>
/// What this process knows of the generations is looked at anew every <see cref="LookEvery"/>, and is good for
/// <see cref="TrustFor"/>: one that could not look for so long hashes nothing. So whoever makes a generation and waits for
/// longer than that can rely on everybody knowing it.
/// </para>
/// </summary>
internal sealed class PlatformKeys : IDisposable
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan TrustFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly IFleetHashKeys keys;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim oneLooker = new(1, 1);

    // Held while hashing, so that a key is never zeroed under a hash.
    private readonly Lock gate = new();
    private ImmutableArray<Held> held = [];
    private long lookAt;
    private long trustUntil;

    private PlatformKeys(IFleetHashKeys keys, TimeProvider time) => (this.keys, this.time) = (keys, time);

    /// <summary>As this process last read them, oldest first.</summary>
    public ImmutableArray<FleetHashGeneration> Generations
    {
        get
        {
            lock (gate)
            {
                return [.. held.Select(one => one.Generation)];
            }
        }
    }

    /// <exception cref="Kernel.UnexpectedFailureException">A key is there and may not be used.</exception>
    public static async ValueTask<PlatformKeys> OpenAsync(
        IFleetHashKeys keys, TimeProvider time, CancellationToken cancellation)
    {
        var opened = new PlatformKeys(keys, time);
        try
        {
            await opened.LookAsync(cancellation);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Keyed hashes of a look-up value, 43 characters of base64url each: the first 32 bytes of HMAC-SHA512 over the
    /// directory behind its length, then the value.
    /// </summary>
    /// <param name="directory">Which look-up; equal values of two directories give unlike hashes.</param>
    /// <param name="value">The value in its one spelling.</param>
    /// <exception cref="KeyStoreUnavailableException">It is not known which keys there are: not read for too long.</exception>
    public async ValueTask<FleetHashes> HashAsync(string directory, string value, CancellationToken cancellation)
    {
        if (time.GetTimestamp() >= Interlocked.Read(ref lookAt))
        {
            await LookOrTrustAsync(cancellation);
        }

        byte[] message = [
            .. SealContext.Prefixed(directory),
            .. new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(value)];
        var now = time.GetUtcNow();
        lock (gate)
        {
            var hashes = held.Select(one => (one.Generation, Text: Hash(one.Key, message))).ToList();
            var claimed = hashes.Where(hash => hash.Generation.IsClaimedUnder(now)).ToList();

            // A clock that lags behind the moment of the only one there is.
            return new FleetHashes(
                [.. hashes.Select(hash => hash.Text).Reverse()],
                [.. (claimed.Count > 0 ? claimed : hashes[..1]).Select(hash => hash.Text)]);
        }
    }

    /// <summary>Reads anew which generations there are.</summary>
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

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var one in held)
            {
                one.Key.Dispose();
            }
        }

        oneLooker.Dispose();
    }

    public override string ToString() => "***";

    private static string Hash(SecretBytes key, byte[] message)
    {
        var hash = HMACSHA512.HashData(key.Reveal("to hash a fleet look-up"), message);
        key.ThrowIfZeroedMeanwhile();
        return Base64Url.EncodeToString(hash.AsSpan(0, 32));
    }

    private async ValueTask LookOrTrustAsync(CancellationToken cancellation)
    {
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

    private async ValueTask ReadAsync(CancellationToken cancellation)
    {
        // Before it is read: what is decided while the answer is on its way may not be in it.
        var from = time.GetTimestamp();
        var known = held;
        var read = ImmutableArray.CreateBuilder<Held>();
        foreach (var generation in await keys.ReadAsync(cancellation))
        {
            var key = known.FirstOrDefault(one => one.Generation.Number == generation.Number)?.Key
                ?? await keys.OpenAsync(generation.Number, cancellation);
            read.Add(new Held(generation, key));
        }

        lock (gate)
        {
            held = read.ToImmutable();
            foreach (var gone in known.Where(one => !held.Any(kept => ReferenceEquals(kept.Key, one.Key))))
            {
                gone.Key.Dispose();
            }
        }

        Interlocked.Exchange(ref lookAt, After(from, LookEvery));
        Interlocked.Exchange(ref trustUntil, After(from, TrustFor));
    }

    private long After(long timestamp, TimeSpan span) => timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed record Held(FleetHashGeneration Generation, SecretBytes Key);
}
