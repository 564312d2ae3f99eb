using System.Globalization;
using System.Text.Json.Serialization;
using PracticPro.Kernel;
using PracticPro.Sync.Connectors;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// A channel's notification: all of it stands in headers, the body is empty. Nothing of it is signed, so that it is worth
/// no more than the secret it brings along. A hint only: what is new is asked of the provider.
/// </summary>
/// <param name="Secret">As it came; not yet proven.</param>
/// <param name="Number">Grows with each notification of a channel, by more than one.</param>
/// <param name="HasNews">False for "sync", which says no more than that the channel lives.</param>
[JsonConverter(typeof(NeverJson<CalendarNotice>))]
internal sealed record CalendarNotice(ChannelId Channel, string Resource, string? Secret, long Number, bool HasNews)
{
    /// <param name="header">The one value of a header; null when it is absent or stands there twice.</param>
    public static Outcome<CalendarNotice> Read(Func<string, string?> header)
    {
        var state = header("X-Goog-Resource-State");
        return ChannelId.TryParse(header("X-Goog-Channel-ID"), out var channel)
            && header("X-Goog-Resource-ID") is { Length: > 0 and <= 200 } resource
            && long.TryParse(header("X-Goog-Message-Number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && state is "sync" or "exists" or "not_exists"
                ? new CalendarNotice(channel, resource, header("X-Goog-Channel-Token"), number, state != "sync")
                : new SyncFailures.PushMalformed();
    }

    public override string ToString() => "***";
}
