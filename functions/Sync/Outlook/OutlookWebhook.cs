using System.Collections.Immutable;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Change and lifecycle notifications of Graph: each is worth what the clientState is that comes with it. One post may be
/// about many practices. Whatever comes is answered alike, so that nobody learns which subscriptions there are.
/// </summary>
internal sealed class OutlookWebhook(ChannelDirectory directory) : IWebhook
{
    public Provider Provider => OutlookConnector.Name;

    public async Task<WebhookVerdict> ProveAsync(WebhookRequest request, CancellationToken cancellation)
    {
        if (OutlookNotice.Validation(request.Query) is { } validation)
        {
            return new WebhookVerdict.Handshake(validation);
        }

        if (!OutlookNotice.Read(request.Body).Try(out var notices, out var why))
        {
            return new WebhookVerdict.Refused(why, StatusCodes.Status202Accepted);
        }

        var notes = ImmutableArray.CreateBuilder<WebhookNote>();
        foreach (var notice in notices)
        {
            if (await directory.ProveAsync(Provider, notice.Subscription, notice.Secret, cancellation) is { } known)
            {
                notes.Add(new WebhookNote(new NoteAddress.Channel(known), notice.Key, notice.Raw)
                {
                    // The inbox's channel hears for every folder.
                    Stream = known.Kept.Stream == OutlookConnector.Calendar ? OutlookConnector.Calendar : null,
                    Kind = notice.Lifecycle switch
                    {
                        LifecycleEvent.None => WebhookKind.News,
                        LifecycleEvent.Reauthorise => WebhookKind.ChannelEnding,
                        LifecycleEvent.Removed => WebhookKind.ChannelGone,
                        _ => WebhookKind.NewsMissed,
                    },
                });
            }
        }

        return notes.Count == 0
            ? new WebhookVerdict.Refused(new SyncFailures.PushUnproven(), StatusCodes.Status202Accepted)
            : new WebhookVerdict.Proven(notes.ToImmutable(), notices.Length - notes.Count) { Status = StatusCodes.Status202Accepted };
    }
}
