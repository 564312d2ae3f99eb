using Google.Protobuf.WellKnownTypes;

namespace PracticPro.Durable.Protocol;

/// <summary>Times of the protocol. A message may hold one that no calendar has.</summary>
internal static class WireTime
{
    private const int NanosInSecond = 1_000_000_000;

    /// <summary>Null when there is none, or none from the year 1 to 9999. To the tick; offset zero.</summary>
    public static DateTimeOffset? From(Timestamp? wire) =>
        wire is { Nanos: >= 0 and < NanosInSecond }
        && wire.Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        && wire.Seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(wire.Seconds).AddTicks(wire.Nanos / TimeSpan.NanosecondsPerTick)
            : null;
}
