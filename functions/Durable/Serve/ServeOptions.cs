namespace PracticPro.Durable.Serve;

/// <summary>Settings of a hub that hands its work to others. All ranges are inclusive and checked at start.</summary>
internal sealed class ServeOptions
{
    /// <summary>Parts that the instances are divided into, each held by one connected worker at a time. 1–1,024.</summary>
    public int Partitions { get; set; } = 32;

    /// <summary>How long a worker may take for one turn before the turn is offered again. 1 second – 1 hour.</summary>
    public TimeSpan TurnLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stream of work may be silent before a health ping goes out on it. 1 second – 1 minute.</summary>
    public TimeSpan PingEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a connection may be silent before the other side is asked whether it lives, and how long it may take to
    /// answer. A worker that was stopped is found after twice that. 1 second – 1 minute.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">Every value out of range, in one message.</exception>
    public void Validate()
    {
        var minute = TimeSpan.FromMinutes(1);
        List<string> errors = [];
        Check(Partitions is >= 1 and <= 1_024, "Partitions is 1–1024.");
        Check(IsBetween(TurnLimit, TimeSpan.FromHours(1)), "TurnLimit is 1 second–1 hour.");
        Check(IsBetween(PingEvery, minute), "PingEvery is 1 second–1 minute.");
        Check(IsBetween(SilenceLimit, minute), "SilenceLimit is 1 second–1 minute.");
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

    private static bool IsBetween(TimeSpan value, TimeSpan most) => value >= TimeSpan.FromSeconds(1) && value <= most;
}
