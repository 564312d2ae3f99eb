namespace PracticPro.Storage.Drivers;

/// <summary>One process on one machine has no queues beside its store, and nothing they would be for.</summary>
internal sealed class NoPlatformQueues : IWebhookBuffer, IPlatformQueues
{
    public bool IsThere => false;

    public IReadOnlyList<string> Names => [];

    public ValueTask<bool> KeepAsync(BufferedWebhook webhook, TimeSpan rest, CancellationToken cancellation) => ValueTask.FromResult(false);

    public ValueTask<IReadOnlyList<WebhookDelivery>> ReceiveAsync(int limit, TimeSpan hold, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<WebhookDelivery>>([]);

    public ValueTask CompleteAsync(WebhookReceipt receipt, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask GiveUpAsync(WebhookReceipt receipt, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<long> CountPoisonAsync(string queue, CancellationToken cancellation) => ValueTask.FromResult(0L);

    public ValueTask<int> ReplayPoisonAsync(string queue, CancellationToken cancellation) => ValueTask.FromResult(0);
}
