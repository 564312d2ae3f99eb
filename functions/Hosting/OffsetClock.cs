namespace PracticPro.Hosting;

/// <summary>The machine's clock, moved by a fixed span. Timers and measured time are the machine's own.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;

    public static TimeProvider Of(ClockOptions options) =>
        options.OffsetSeconds == 0 ? System : new OffsetClock(TimeSpan.FromSeconds(options.OffsetSeconds));
}
