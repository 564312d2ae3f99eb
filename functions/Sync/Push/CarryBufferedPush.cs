using System.Collections.Immutable;
using PracticPro.Durable.Triggers;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.Push;

/// <summary>
/// Carries a push that came when the store, or the keys to it, could not be used. It was proven then, and is not asked for
/// proof again: nobody but this program may write that queue. While they still cannot be used it is put back for a while,
/// which is no failed try: only what fails otherwise, five times, is given up. Its raw form was not kept: there was nowhere
/// to seal it.
/// </summary>
internal sealed class CarryBufferedPush(NudgeConnection nudge, ConnectorBook connectors, IWebhookBuffer buffer)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    [Function("drain-webhook-buffer")]
    public static Task RunAsync(
        [QueueTrigger(PlatformQueues.WebhookBuffer)] BufferedWebhook webhook, CarryBufferedPush carry, CancellationToken cancellation) =>
        carry.RunAsync(webhook, cancellation);

    /// <summary>When it returns, the message may leave the queue.</summary>
    /// <exception cref="FormatException">It is of no provider of ours: a newer program wrote it.</exception>
    public async Task RunAsync(BufferedWebhook webhook, CancellationToken cancellation)
    {
        if (!Provider.TryParse(webhook.Provider, out var provider) || connectors.Find(provider) is null)
        {
            throw new FormatException("A buffered notification of no known provider.");
        }

        ImmutableArray<string> hashes = [webhook.Mailbox, .. webhook.OlderHashes()];
        try
        {
            await nudge.RunAsync(
                provider, hashes, [new WebhookNote(new NoteAddress.Account(""), webhook.Push, default)], cancellation);
        }
        catch (Exception away) when (NudgeConnection.IsAway(away))
        {
            if (!await buffer.KeepAsync(webhook, Rest, cancellation))
            {
                throw;
            }
        }
    }
}
