namespace PracticPro.Durable;

/// <summary>
/// Settings of the embedded hub. All ranges are inclusive and checked at start, with all errors at once.
/// </summary>
internal sealed class DurableOptions
{
    /// <summary>
    /// Where <c>hub.db</c> and its lock lie. Null keeps everything in memory: for tests and measurements.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>Turns dispatched at once. They only compute; a large number feeds the group commit. 1–1,024.</summary>
    public int ConcurrentTurns { get; set; } = 256;

    /// <summary>
    /// Activities under way at once, which also bounds how many answers one commit can gather. 1–1,024. Not meant to
    /// spare a provider: what calls one keeps to its limits itself.
    /// </summary>
    public int ConcurrentActivities { get; set; } = 256;

    /// <summary>
    /// Instances held in memory with their replayed state; 0 replays every turn from disk. 0–100,000.
    /// </summary>
    public int CachedInstances { get; set; } = 2_000;

    /// <summary>Activities read ahead into memory; the rest waits on disk. 64–100,000.</summary>
    public int ReadyActivities { get; set; } = 4_096;

    /// <summary>Client calls admitted at once; further ones wait for a place. 1–100,000.</summary>
    public int ConcurrentCalls { get; set; } = 4_096;

    /// <summary>How long a completed instance is kept. 1 minute – 10 years.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long delivery ids of events are remembered. 7 days – 1 year.</summary>
    public TimeSpan DeliveryMemory { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Largest JSON text of an input, output, event or custom status, in UTF-8 bytes. Our own code never has more than
    /// the default; a hub that serves others takes what they have. 16 KiB – 64 MiB.
    /// </summary>
    public int LargestPayload { get; set; } = Execution.Payload.MaximumBytes;

    /// <summary>
    /// How long a stop waits for activities under way before it leaves them to the next start. 0 – 5 minutes.
    /// </summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">Every value out of range, in one message.</exception>
    public void Validate()
    {
        List<string> errors = [];
        Check(ConcurrentTurns is >= 1 and <= 1_024, "ConcurrentTurns is 1–1024.");
        Check(ConcurrentActivities is >= 1 and <= 1_024, "ConcurrentActivities is 1–1024.");
        Check(CachedInstances is >= 0 and <= 100_000, "CachedInstances is 0–100000.");
        Check(ReadyActivities is >= 64 and <= 100_000, "ReadyActivities is 64–100000.");
        Check(ConcurrentCalls is >= 1 and <= 100_000, "ConcurrentCalls is 1–100000.");
        Check(
            Retention >= TimeSpan.FromMinutes(1) && Retention <= TimeSpan.FromDays(3_660),
            "Retention is 1 minute–10 years.");
        Check(
            DeliveryMemory >= TimeSpan.FromDays(7) && DeliveryMemory <= TimeSpan.FromDays(366),
            "DeliveryMemory is 7 days–1 year.");
        Check(LargestPayload is >= Execution.Payload.MaximumBytes and <= 1 << 26, "LargestPayload is 16 KiB–64 MiB.");
        Check(StopGrace >= TimeSpan.Zero && StopGrace <= TimeSpan.FromMinutes(5), "StopGrace is 0–5 min.");
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors));
        }

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
