using System.Globalization;
using System.Text.Json;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Notifications of calendar channels: worth what the channel's own secret is that comes with them.</summary>
internal sealed class CalendarWebhook(ChannelDirectory directory) : IWebhook
{
    private const string Prefix = "X-Goog-";
    private const string Secret = "X-Goog-Channel-Token";

    public Provider Provider => GoogleCalendarConnector.Name;

    public async Task<WebhookVerdict> ProveAsync(WebhookRequest request, CancellationToken cancellation)
    {
        var read = CalendarNotice.Read(name => request.Headers.GetValueOrDefault(name));
        if (!read.Try(out var notice, out var why))
        {
            return new WebhookVerdict.Refused(why);
        }

        // The first one may be faster than the answer that names the resource; it brings no news.
        var known = await directory.ProveAsync(Provider, notice.Channel.Text, notice.Secret, cancellation);
        return known is null || (known.Kept.State == ChannelState.Open && known.Kept.ResourceRef != notice.Resource)
            ? new WebhookVerdict.Refused(new SyncFailures.PushUnproven())
            : new WebhookVerdict.Proven(notice.HasNews
                ?
                [
                    new WebhookNote(
                        new NoteAddress.Channel(known),
                        string.Create(CultureInfo.InvariantCulture, $"{notice.Channel}.{notice.Number}"),
                        Raw(request))
                    {
                        Stream = known.Kept.Stream,
                    },
                ]
                : []);
    }

    /// <summary>All of it stands in headers; without the secret, which nobody needs again.</summary>
    private static byte[] Raw(WebhookRequest request) => JsonSerializer.SerializeToUtf8Bytes(request.Headers
        .Where(static pair => pair.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && !pair.Key.Equals(Secret, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(static pair => pair.Key, static pair => pair.Value));
}
