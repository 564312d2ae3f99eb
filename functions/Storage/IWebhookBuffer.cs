namespace PracticPro.Storage;

/// <summary>
/// A notification that was proven and could not be carried to its tenant. Ids only: whose mailbox it is says a keyed hash,
/// which cannot be read back.
/// </summary>
/// <param name="Provider">Which webhook: <c>gmail</c>.</param>
/// <param name="Mailbox">The hash under which the fleet knows the mailbox, under the newest key.</param>
/// <param name="Push">The provider's id of the notification; equal for repeats.</param>
/// <param name="Older">The hashes under older keys, while there are any, newest first, with blanks between.</param>
internal sealed record BufferedWebhook(string Provider, string Mailbox, string Push, string? Older = null)
{
    /// <param name="hashes">The mailbox under every key there is, newest first.</param>
    public static BufferedWebhook Of(string provider, IReadOnlyList<string> hashes, string push) =>
        new(provider, hashes[0], push, hashes.Count == 1 ? null : string.Join(' ', hashes.Skip(1)));

    public IReadOnlyList<string> OlderHashes() => Older?.Split(' ') ?? [];
}

/// <summary>A buffered notification in the hands of one receiver, until its hold ends.</summary>
/// <param name="Webhook">Null for a message that is none: it goes to the poison ones by itself.</param>
/// <param name="Deliveries">How often it has been handed out, this time included.</param>
/// <param name="Receipt">Proof of holding it.</param>
internal sealed record WebhookDelivery(BufferedWebhook? Webhook, long Deliveries, WebhookReceipt Receipt);

/// <summary>What a driver needs to find a delivery again.</summary>
internal readonly record struct WebhookReceipt(string Message, string Proof, string Text);

/// <summary>
/// Where notifications wait while the store cannot be used: on other machinery than the store. At least once, in no order,
/// never lost: one leaves by being completed, or to the poison ones after <see cref="IQueue.MaximumDeliveries"/>. Where
/// the store is this machine's own disk there is no such place, and none is needed: what cannot write the one cannot write
/// the other.
/// </summary>
internal interface IWebhookBuffer
{
    /// <summary>Whether there is such a place. False: nothing is ever kept, and nothing received.</summary>
    bool IsThere { get; }

    /// <summary>Keeps it durably. False where there is no buffer: nobody has it then.</summary>
    /// <exception cref="StorageUnavailableException">It is not known to be kept.</exception>
    /// <param name="rest">How long before it is handed out.</param>
    ValueTask<bool> KeepAsync(BufferedWebhook webhook, TimeSpan rest, CancellationToken cancellation);

    /// <summary>Up to <paramref name="limit"/> (at most 32), hidden from other receivers for <paramref name="hold"/>.</summary>
    ValueTask<IReadOnlyList<WebhookDelivery>> ReceiveAsync(int limit, TimeSpan hold, CancellationToken cancellation);

    /// <summary>Removes it for good. A receipt that is no longer good changes nothing.</summary>
    ValueTask CompleteAsync(WebhookReceipt receipt, CancellationToken cancellation);

    /// <summary>Puts it among the poison ones, where a person looks at it.</summary>
    ValueTask GiveUpAsync(WebhookReceipt receipt, CancellationToken cancellation);
}
