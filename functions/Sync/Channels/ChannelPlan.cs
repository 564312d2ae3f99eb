using System.Collections.Immutable;
using PracticPro.Sync.Connectors;

namespace PracticPro.Sync.Channels;

/// <summary>What is to be done about one stream's channels. Pure.</summary>
/// <param name="Current">The one that lives longest; null when none does.</param>
/// <param name="Opens">Another is wanted: there is none, the last one ends soon, or it is silent.</param>
/// <param name="Closes">Those that are no longer wanted.</param>
internal sealed record ChannelPlan(Channel? Current, bool Opens, ImmutableArray<Channel> Closes)
{
    /// <summary>How long an old channel goes on beside its successor, so that what is on its way by the old one arrives.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <param name="renewBefore">When this much is left of the last one, or less.</param>
    /// <param name="isSilent">It said nothing while there was news: it may be dead.</param>
    public static ChannelPlan Of(
        IReadOnlyCollection<Channel> channels, TimeSpan renewBefore, bool isSilent, DateTimeOffset now)
    {
        var current = channels.Where(channel => channel.ExpiresAt > now).MaxBy(static channel => channel.ExpiresAt);
        var opens = current is null || isSilent || current.ExpiresAt - now <= renewBefore;
        return new ChannelPlan(
            current,
            opens,
            [.. channels.Where(channel => channel != current && (channel.ExpiresAt <= now || current!.OpenedAt + Overlap <= now))]);
    }
}
