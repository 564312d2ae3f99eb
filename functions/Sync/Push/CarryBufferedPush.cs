using PracticPro.Durable.Triggers;
using PracticPro.Storage;

namespace PracticPro.Sync.Push;

/// <summary>
/// Carries a push that came when the store, or the keys to it, could not be used. It was proven then, and is not asked for
/// proof again: nobody but this program may write that queue. While they still cannot be used it is put back for a while,
/// which is no failed try: only what fails otherwise, five times, is given up.
/// </summary>
internal sealed class CarryBufferedPush(NudgeMailbox nudge, IWebhookBuffer buffer)
{
    public const string Gmail = "gmail";

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    [Function("drain-webhook-buffer")]
    public static Task RunAsync(
        [QueueTrigger(PlatformQueues.WebhookBuffer)] BufferedWebhook webhook, CarryBufferedPush carry, CancellationToken cancellation) =>
        carry.RunAsync(webhook, cancellation);

    /// <summary>When it returns, the message may leave the queue.</summary>
    /// <exception cref="FormatException">It is of no provider of ours: a newer program wrote it.</exception>
    public async Task RunAsync(BufferedWebhook webhook, CancellationToken cancellation)
    {
        if (webhook.Provider != Gmail)
        {
            throw new FormatException("A buffered notification of no known provider.");
        }

        try
        {
            await nudge.RunAsync([webhook.Mailbox, .. webhook.OlderHashes()], webhook.Push, cancellation);
        }
        catch (Exception away) when (NudgeMailbox.IsAway(away))
        {
            if (!await buffer.KeepAsync(webhook, Rest, cancellation))
            {
                throw;
            }
        }
    }
}
