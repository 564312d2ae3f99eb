using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Channels;

/// <summary>What to do next about a connection's channels.</summary>
internal abstract record ChannelStep
{
    private ChannelStep()
    {
    }

    /// <summary>Order one for a stream that has none that lives.</summary>
    public sealed record Open(StreamName Stream, int Failures) : ChannelStep;

    public sealed record Renew(KeptChannel Channel) : ChannelStep;

    /// <summary>End one that is no longer wanted, was followed by another, or is dead.</summary>
    public sealed record Close(KeptChannel Channel) : ChannelStep;

    /// <param name="Until">Null: nothing will be due by itself.</param>
    public sealed record Wait(DateTimeOffset? Until) : ChannelStep;
}

/// <summary>Decides the next step from what is known; does nothing itself.</summary>
internal static class ChannelPlan
{
    /// <summary>An order that has had no answer for so long was cut off by a crash.</summary>
    private static readonly TimeSpan OrderTakes = TimeSpan.FromMinutes(5);

    /// <param name="kept">All of the connection.</param>
    /// <param name="wanted">Streams that want a channel of their own.</param>
    /// <param name="renewBefore">Renewed when this much is left, or less.</param>
    public static ChannelStep Next(
        IReadOnlyList<KeptChannel> kept, IReadOnlyCollection<StreamName> wanted, TimeSpan renewBefore, DateTimeOffset now)
    {
        if (kept.FirstOrDefault(one => !wanted.Contains(one.Stream)) is { } unwanted)
        {
            return new ChannelStep.Close(unwanted);
        }

        DateTimeOffset? due = null;
        foreach (var stream in wanted)
        {
            var own = kept.Where(one => one.Stream == stream).OrderByDescending(static one => one.OpenedAt).ToList();
            switch (NextOf(stream, own, renewBefore, now))
            {
                case ChannelStep.Wait wait:
                    due = due is null || wait.Until < due ? wait.Until ?? due : due;
                    break;
                case { } step:
                    return step;
            }
        }

        return new ChannelStep.Wait(due);
    }

    private static ChannelStep NextOf(StreamName stream, List<KeptChannel> own, TimeSpan renewBefore, DateTimeOffset now)
    {
        var newest = own.FirstOrDefault(static one => one.State == ChannelState.Open);
        if (newest is not null && (newest.Trouble is ChannelTrouble.Gone or ChannelTrouble.Silent || newest.ExpiresAt <= now))
        {
            // Dead. The next one is ordered when it is out of the way; what went untold is followed at once.
            return own.Find(static one => one.State == ChannelState.Opening) is { } late && now - late.OpenedAt < OrderTakes
                ? new ChannelStep.Wait(late.OpenedAt + OrderTakes)
                : new ChannelStep.Close(newest);
        }

        var refused = own.FirstOrDefault(static one => one.State == ChannelState.Refused);
        if (own.FirstOrDefault(one => one != newest && IsOver(one, newest ?? refused, now)) is { } over)
        {
            return new ChannelStep.Close(over);
        }

        if (newest is null)
        {
            var opening = own.FirstOrDefault(static one => one.State == ChannelState.Opening);
            return opening is not null ? new ChannelStep.Wait(opening.OpenedAt + OrderTakes)
                : refused?.RestsUntil is { } until && until > now ? new ChannelStep.Wait(until)
                : new ChannelStep.Open(stream, refused?.Failures ?? 0);
        }

        var renewAt = newest.ExpiresAt!.Value - renewBefore;
        return newest.RestsUntil is { } rest && rest > now ? new ChannelStep.Wait(rest)
            : newest.Trouble is ChannelTrouble.Ending or ChannelTrouble.Missed || renewAt <= now ? new ChannelStep.Renew(newest)
            : new ChannelStep.Wait(renewAt);
    }

    // An order that was cut off; one that was followed by a newer one, or a refusal by another answer.
    private static bool IsOver(KeptChannel one, KeptChannel? last, DateTimeOffset now) => one.State == ChannelState.Opening
        ? now - one.OpenedAt >= OrderTakes
        : last is not null && one != last;
}
