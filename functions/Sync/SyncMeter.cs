using System.Diagnostics.Metrics;

namespace PracticPro.Sync;

/// <summary>What the sync counts. No tenant, no mailbox: numbers only.</summary>
internal sealed class SyncMeter : IDisposable
{
    public const string Name = "PracticPro.Sync";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> pushes;
    private readonly Counter<long> renewals;

    public SyncMeter()
    {
        pushes = meter.CreateCounter<long>("practicpro.sync.pushes", description: "Push notifications by result.");
        renewals = meter.CreateCounter<long>("practicpro.sync.renewals", description: "Token renewals by result.");
    }

    /// <summary>For tests, which run many programs side by side in one process.</summary>
    public bool Owns(Meter other) => ReferenceEquals(meter, other);

    public void PushTaken() => pushes.Add(1, new KeyValuePair<string, object?>("result", "taken"));

    public void PushForNobody() => pushes.Add(1, new KeyValuePair<string, object?>("result", "unknown-mailbox"));

    public void PushBuffered() => pushes.Add(1, new KeyValuePair<string, object?>("result", "buffered"));

    public void PushRefused(string code) => pushes.Add(1, new KeyValuePair<string, object?>("result", code));

    /// <summary>One result is an alarm: <c>provider-refuses-program</c>, which no customer can mend.</summary>
    /// <param name="result"><c>renewed</c>, or the code of the failure.</param>
    public void Renewed(string provider, string result) => renewals.Add(
        1, new KeyValuePair<string, object?>("provider", provider), new KeyValuePair<string, object?>("result", result));

    public void Dispose() => meter.Dispose();
}
