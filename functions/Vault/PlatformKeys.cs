using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Vault;

/// <summary>A look-up value under the keys there are.</summary>
/// <param name="Known">Under every one, newest first: what is looked for.</param>
/// <param name="Claimed">Under those that claims are made under now, oldest first; at least one.</param>
internal sealed record FleetHashes(ImmutableArray<string> Known, ImmutableArray<string> Claimed);

/// <summary>
/// Keys of the platform as a whole, which belong to no tenant. They open nothing: they hash what is looked up before a
/// tenant is known, so that the fleet directory cannot be read back or probed. There is one generation, and two while the
/// key is being changed.
/// What this process knows of the generations is as fresh as <see cref="TrustedReading"/> has it.
/// </summary>
internal sealed class PlatformKeys : IDisposable
{
    private readonly IFleetHashKeys keys;
    private readonly TimeProvider time;
    private readonly TrustedReading reading;

    // Held while hashing, so that a key is never zeroed under a hash.
    private readonly Lock gate = new();
    private ImmutableArray<Held> held = [];

    private PlatformKeys(IFleetHashKeys keys, TimeProvider time)
    {
        (this.keys, this.time) = (keys, time);
        reading = new TrustedReading(time, ReadAsync);
    }

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
        await reading.EnsureAsync(cancellation);
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
    public ValueTask LookAsync(CancellationToken cancellation) => reading.LookAsync(cancellation);

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var one in held)
            {
                one.Key.Dispose();
            }
        }

        reading.Dispose();
    }

    public override string ToString() => "***";

    private static string Hash(SecretBytes key, byte[] message)
    {
        var hash = HMACSHA512.HashData(key.Reveal("to hash a fleet look-up"), message);
        key.ThrowIfZeroedMeanwhile();
        return Base64Url.EncodeToString(hash.AsSpan(0, 32));
    }

    private async ValueTask ReadAsync(CancellationToken cancellation)
    {
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
    }

    private sealed record Held(FleetHashGeneration Generation, SecretBytes Key);
}
