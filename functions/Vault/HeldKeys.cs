using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Unwrapped keys of one tenant and one use, as the <see cref="KeyRing"/> holds them and handles share them. They count how
/// often and for how many bytes they were used, work until their time is over, and are zeroed when they are revoked. Safe to
/// use from many threads.
/// </summary>
internal abstract class HeldKeys : IDisposable
{
    private readonly KeyTerms terms;
    private readonly long usableUntil;
    private long uses;
    private long bytes;
    private volatile bool revoked;

    protected HeldKeys(TenantId tenant, string use, KeyTerms terms)
    {
        (Tenant, Use, this.terms) = (tenant, use, terms);
        OpenedAt = terms.AsOf ?? terms.Time.GetTimestamp();
        usableUntil = OpenedAt + Ticks(terms.HandleLifetime);
    }

    public TenantId Tenant { get; }

    /// <summary>Wire word of a purpose, or <see cref="DataKeyRecord.IndexUse"/>.</summary>
    public string Use { get; }

    /// <summary>Timestamp of the time provider, from before they were read.</summary>
    public long OpenedAt { get; }

    /// <summary>Seals, opens and hashes so far.</summary>
    public long Uses => Volatile.Read(ref uses);

    /// <summary>Bytes of content that were sealed, opened and hashed so far.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Timestamp of the time provider.</summary>
    public long Now => terms.Time.GetTimestamp();

    /// <summary>Counts one use, if the keys may still be used.</summary>
    /// <exception cref="KeysExpiredException">Their time is over, they were revoked, or nothing was heard for too long.</exception>
    public void Take(long length)
    {
        ThrowIfUnusable();
        Interlocked.Increment(ref uses);
        Interlocked.Add(ref bytes, length);
    }

    /// <summary>For what was begun while these keys were usable: it may go on until they are revoked.</summary>
    public void ThrowIfRevoked()
    {
        if (revoked || terms.Hearing is { IsTooLongAgo: true })
        {
            throw new KeysExpiredException();
        }
    }

    /// <summary>
    /// For a stream that is being sealed: one that took longer than <see cref="KeyRingOptions.StreamLifetime"/> could be
    /// stored after its generation of keys was let go.
    /// </summary>
    public void ThrowIfTooLongAgo(long begunAt)
    {
        if (terms.Time.GetElapsedTime(begunAt) >= KeyRingOptions.StreamLifetime)
        {
            throw new KeysExpiredException();
        }
    }

    /// <summary>Ends every use at once, also by holders of handles, and zeroes the keys.</summary>
    public void Dispose()
    {
        revoked = true;
        Zero();
    }

    protected abstract void Zero();

    protected long Ticks(TimeSpan span) => (long)(span.TotalSeconds * terms.Time.TimestampFrequency);

    private void ThrowIfUnusable()
    {
        ThrowIfRevoked();
        if (terms.Time.GetTimestamp() >= usableUntil)
        {
            throw new KeysExpiredException();
        }
    }
}

/// <summary>On what terms unwrapped keys may be used.</summary>
/// <param name="HandleLifetime">How long from when they were unwrapped.</param>
/// <param name="Hearing">Whether revocations are still heard of; null where there is one process only.</param>
/// <param name="AsOf">
/// Timestamp from before the stored keys were read: their age counts from then, however long unwrapping takes. Null: now.
/// </param>
internal sealed record KeyTerms(
    TimeProvider Time, TimeSpan HandleLifetime, RevocationHearing? Hearing = null, long? AsOf = null);
