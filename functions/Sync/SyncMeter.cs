using System.Diagnostics.Metrics;

namespace PracticPro.Sync;

/// <summary>What the sync counts. No tenant, no mailbox: numbers only.</summary>
internal sealed class SyncMeter : IDisposable
{
    public const string Name = "PracticPro.Sync";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> pushes;
    private readonly Counter<long> renewals;
    private readonly Counter<long> channels;
    private readonly Counter<long> replays;

    public SyncMeter()
    {
        pushes = meter.CreateCounter<long>("practicpro.sync.pushes", description: "Push notifications by result.");
        renewals = meter.CreateCounter<long>("practicpro.sync.renewals", description: "Token renewals by result.");
        channels = meter.CreateCounter<long>("practicpro.sync.channels", description: "Orders for notifications by result.");
        replays = meter.CreateCounter<long>("practicpro.sync.replays", description: "Nightly replays of journals by result.");
    }

    /// <summary>For tests, which run many programs side by side in one process.</summary>
    public bool Owns(Meter other) => ReferenceEquals(meter, other);

    public void PushTaken(string provider) => Count(pushes, provider, "taken");

    public void PushRepeated(string provider) => Count(pushes, provider, "repeated");

    public void PushForNobody(string provider) => Count(pushes, provider, "unknown-mailbox");

    public void PushBuffered(string provider) => Count(pushes, provider, "buffered");

    /// <summary>Each is an alarm when there are many: somebody tries, or a secret of ours is wrong.</summary>
    public void PushRefused(string provider, string code) => Count(pushes, provider, code);

    /// <param name="result"><c>opened</c>, <c>renewed</c>, <c>silent</c>, <c>gone</c>, or the code of the failure.</param>
    public void Channel(string provider, string result) => Count(channels, provider, result);

    /// <summary>Every result but <c>same</c> is an alarm.</summary>
    /// <param name="result"><c>same</c>, or why it differs.</param>
    public void Replayed(string provider, string result) => Count(replays, provider, result);

    /// <summary>One result is an alarm: <c>provider-refuses-program</c>, which no customer can mend.</summary>
    /// <param name="result"><c>renewed</c>, or the code of the failure.</param>
    public void Renewed(string provider, string result) => Count(renewals, provider, result);

    public void Dispose() => meter.Dispose();

    private static void Count(Counter<long> counter, string provider, string result) => counter.Add(
        1, new KeyValuePair<string, object?>("provider", provider), new KeyValuePair<string, object?>("result", result));
}
