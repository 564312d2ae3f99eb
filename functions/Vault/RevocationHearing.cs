namespace PracticPro.Vault;

/// <summary>
/// When this process last knew of every revocation. Keys are not used by a process that has not heard for longer than
/// <see cref="Patience"/>: it may be cut off, or have been stopped, while a key was revoked.
/// </summary>
internal sealed class RevocationHearing(TimeProvider time)
{
    /// <summary>How long keys are used without hearing. Six tries to hear fit into it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const long Never = long.MinValue;

    private readonly long patience = (long)(Patience.TotalSeconds * time.TimestampFrequency);
    private long heardAt = Never;

    public bool IsTooLongAgo => Volatile.Read(ref heardAt) is var at && (at == Never || time.GetTimestamp() - at > patience);

    /// <summary>True when it was heard within that time.</summary>
    public bool IsWithin(TimeSpan span) =>
        Volatile.Read(ref heardAt) is var at && at != Never && time.GetElapsedTime(at) < span;

    /// <param name="askedAt">Timestamp from before the question: what was announced later may not be in the answer.</param>
    public void Heard(long askedAt) => Volatile.Write(ref heardAt, askedAt);
}
