using PracticPro.Storage;

namespace PracticPro.Tests.Support;

/// <summary>The webhook buffer in memory. A test looks at what is in it; holds end only by <see cref="LetGo"/>.</summary>
internal sealed class MemoryWebhookBuffer : IWebhookBuffer
{
    private readonly Lock gate = new();
    private readonly List<Kept> kept = [];
    private int number;

    public bool IsThere => true;

    /// <summary>Does not keep anything, as an account that is down.</summary>
    public bool IsDown { get; set; }

    public IReadOnlyList<BufferedWebhook> Waiting => Of(static one => !one.GivenUp);

    public IReadOnlyList<BufferedWebhook> GivenUp => Of(static one => one.GivenUp);

    public ValueTask<bool> KeepAsync(BufferedWebhook webhook, TimeSpan rest, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (IsDown)
            {
                throw new StorageUnavailableException("the account is busy");
            }

            kept.Add(new Kept($"{++number}", webhook) { Held = rest > TimeSpan.Zero });
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<WebhookDelivery>> ReceiveAsync(int limit, TimeSpan hold, CancellationToken cancellation)
    {
        lock (gate)
        {
            var taken = kept.Where(static one => one is { Held: false, GivenUp: false }).Take(limit).ToList();
            taken.ForEach(static one => (one.Held, one.Deliveries) = (true, one.Deliveries + 1));
            return ValueTask.FromResult<IReadOnlyList<WebhookDelivery>>(
                [.. taken.Select(static one => new WebhookDelivery(one.Webhook, one.Deliveries, new WebhookReceipt(one.Id, "", "")))]);
        }
    }

    public ValueTask CompleteAsync(WebhookReceipt receipt, CancellationToken cancellation)
    {
        lock (gate)
        {
            kept.RemoveAll(one => one.Id == receipt.Message);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask GiveUpAsync(WebhookReceipt receipt, CancellationToken cancellation)
    {
        lock (gate)
        {
            kept.Single(one => one.Id == receipt.Message).GivenUp = true;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Every hold ends.</summary>
    public void LetGo()
    {
        lock (gate)
        {
            kept.ForEach(static one => one.Held = false);
        }
    }

    private List<BufferedWebhook> Of(Func<Kept, bool> which)
    {
        lock (gate)
        {
            return [.. kept.Where(which).Select(static one => one.Webhook)];
        }
    }

    private sealed class Kept(string id, BufferedWebhook webhook)
    {
        public string Id { get; } = id;

        public BufferedWebhook Webhook { get; } = webhook;

        public int Deliveries { get; set; }

        public bool Held { get; set; }

        public bool GivenUp { get; set; }
    }
}
