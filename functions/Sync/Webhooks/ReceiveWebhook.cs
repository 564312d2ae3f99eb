using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Webhooks;

/// <summary>
/// Takes a provider's notification: verified before it is read, de-duplicated, and durably queued before it is acknowledged,
/// with its raw form kept sealed under the tenant for seven days. One for an account nobody has connected is acknowledged
/// and dropped, so that it is not sent again for days. While store or keys cannot be used, what is proven without them is
/// kept in the buffer, where there is one, and carried later.
/// </summary>
internal sealed class ReceiveWebhook(
    IEnumerable<IWebhook> webhooks, PlatformKeys platform, NudgeConnection nudge, IWebhookBuffer buffer, SyncMeter meter)
{
    private readonly ImmutableDictionary<Provider, IWebhook> byProvider = webhooks.ToImmutableDictionary(static one => one.Provider);

    public async Task<Outcome<WebhookAnswer>> RunAsync(Provider provider, WebhookRequest request, CancellationToken cancellation)
    {
        if (!byProvider.TryGetValue(provider, out var webhook))
        {
            return new SyncFailures.NoSuchProvider();
        }

        switch (await webhook.ProveAsync(request, cancellation))
        {
            case WebhookVerdict.Handshake handshake:
                return new WebhookAnswer(StatusCodes.Status200OK, handshake.Text);
            case WebhookVerdict.Refused refused:
                meter.PushRefused(provider.Text, refused.Why.Code);
                return refused.AnswerAs is { } status ? new WebhookAnswer(status) : refused.Why;
            case WebhookVerdict.Proven proven:
                for (var at = 0; at < proven.Unproven; at++)
                {
                    meter.PushRefused(provider.Text, new SyncFailures.PushUnproven().Code);
                }

                await TakeAsync(provider, proven.Notes, cancellation);
                return new WebhookAnswer(proven.Status);
            default:
                throw new InvalidOperationException("An unknown verdict.");
        }
    }

    private async Task TakeAsync(Provider provider, ImmutableArray<WebhookNote> notes, CancellationToken cancellation)
    {
        foreach (var group in notes.Where(static note => note.Of is NoteAddress.Channel).GroupBy(static note => ((NoteAddress.Channel)note.Of).Known))
        {
            await nudge.RunAsync(group.Key, [.. group], cancellation);
        }

        foreach (var group in notes.Where(static note => note.Of is NoteAddress.Account).GroupBy(static note => ((NoteAddress.Account)note.Of).Key))
        {
            await TakeAsync(provider, group.Key, [.. group], cancellation);
        }
    }

    private async Task TakeAsync(
        Provider provider, string account, ImmutableArray<WebhookNote> notes, CancellationToken cancellation)
    {
        var hashes = await AccountDirectory.HashAsync(platform, provider, account, cancellation);
        try
        {
            await nudge.RunAsync(provider, hashes, notes, cancellation);
        }
        catch (Exception away) when (NudgeConnection.IsAway(away))
        {
            // Acknowledged only when somebody has it: without a buffer the provider sends it again.
            foreach (var note in notes)
            {
                if (!await buffer.KeepAsync(BufferedWebhook.Of(provider.Text, hashes, note.Key), TimeSpan.Zero, cancellation))
                {
                    throw;
                }

                meter.PushBuffered(provider.Text);
            }
        }
    }
}

/// <param name="Text">Said back as plain text; null for an empty answer.</param>
internal sealed record WebhookAnswer(int Status, string? Text = null);
