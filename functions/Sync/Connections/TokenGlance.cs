using PracticPro.Storage;

namespace PracticPro.Sync.Connections;

/// <summary>
/// A token's record as the store had it a moment ago, still sealed: calls of one step that follow one another at once do not
/// each read it. It is opened anew for every call, so destroyed or revoked keys count at once, as before.
/// </summary>
internal sealed class TokenGlance(TimeProvider time)
{
    /// <summary>By so much later a step that is under way may notice that a token was replaced or deleted.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private StoredDocument? seen;
    private long seenAt;
    private long forgottenAt = long.MinValue;

    /// <summary>Timestamp of the time provider.</summary>
    public long Now => time.GetTimestamp();

    public StoredDocument? Find()
    {
        lock (gate)
        {
            return seen is not null && time.GetElapsedTime(seenAt) < Moment ? seen : null;
        }
    }

    /// <param name="at">Timestamp of the time provider, from before it was read.</param>
    public void Keep(StoredDocument read, long at)
    {
        lock (gate)
        {
            // What was read before the last renewal may be from before it.
            if (at > forgottenAt)
            {
                (seen, seenAt) = (read, at);
            }
        }
    }

    /// <summary>The token was refused, or another one is stored now.</summary>
    public void Forget()
    {
        lock (gate)
        {
            (seen, forgottenAt) = (null, time.GetTimestamp());
        }
    }
}
