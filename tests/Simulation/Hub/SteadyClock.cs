using System.Globalization;

namespace PracticPro.Simulation.Hub;

/// <summary>
/// A clock that several processes share and nobody sets back: what it says in one that was killed is before what it
/// says in the next. So "this was done after that was answered" can be read from two times.
/// </summary>
internal sealed class SteadyClock : TimeProvider
{
    private readonly DateTimeOffset zero;
    private readonly long ticksAtZero;

    private SteadyClock(DateTimeOffset zero, long ticksAtZero) => (this.zero, this.ticksAtZero) = (zero, ticksAtZero);

    public static SteadyClock New() => new(System.GetUtcNow(), System.GetTimestamp());

    /// <summary>Reads what <see cref="ToString"/> wrote, in another process of the same boot.</summary>
    public static SteadyClock Parse(string text)
    {
        var parts = text.Split('/');
        return new(
            new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero),
            long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public TimeSpan SinceNew => GetElapsedTime(ticksAtZero);

    public override DateTimeOffset GetUtcNow() => zero + SinceNew;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{zero.UtcTicks}/{ticksAtZero}");
}
