using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// How the renewing of a connection's tokens goes. Written before each exchange and with its end: one that was begun and
/// never ended was cut off, by a crash or on the wire, and a provider that gives a new refresh token each time may then know
/// one that nobody stored.
/// </summary>
/// <param name="BegunAt">An exchange was begun then and its end is not known here.</param>
/// <param name="CutOff">An earlier exchange may have reached the provider without its answer reaching the store.</param>
/// <param name="Failures">In a row, not counting an end of the grant.</param>
/// <param name="RestsUntil">Not tried again before.</param>
/// <param name="Because">Code of the last failure.</param>
internal sealed record Renewal(
    ConnectionId Connection,
    DateTimeOffset? BegunAt = null,
    bool CutOff = false,
    int Failures = 0,
    DateTimeOffset? RestsUntil = null,
    string? Because = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public Renewal Begin(DateTimeOffset now) => this with { BegunAt = now, CutOff = CutOff || BegunAt is not null };

    /// <param name="wait">What the provider asked for; null: the pause grows with the failures, to five minutes.</param>
    /// <param name="mayHaveActed">The provider may have renewed the grant without our knowing how.</param>
    public Renewal Fail(DateTimeOffset now, string because, TimeSpan? wait, bool mayHaveActed)
    {
        var grown = FirstPause * Math.Pow(2, Math.Clamp(Failures, 0, 10));
        var pause = wait ?? (grown < LongestPause ? grown : LongestPause);
        return this with
        {
            BegunAt = null,
            CutOff = CutOff || mayHaveActed,
            Failures = Failures + 1,
            RestsUntil = now + pause,
            Because = because,
        };
    }
}
