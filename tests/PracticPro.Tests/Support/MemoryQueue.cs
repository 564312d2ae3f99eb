using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Support;

internal sealed class MemoryQueue(TenantId tenant, Lock gate, SteadyClock time) : IQueue
{
    private static readonly TimeSpan DeduplicationWindow = TimeSpan.FromDays(7);

    private readonly Dictionary<QueueName, List<Message>> queues = [];
    private readonly Dictionary<(QueueName, string), DateTimeOffset> seen = [];
    private long receipts;

    public TenantId Tenant => tenant;

    public ValueTask<IReadOnlyList<QueueDelivery>> ReceiveAsync(
        QueueName queue, int limit, TimeSpan hold, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            var now = time.Now;
            foreach (var spent in On(queue).Where(message => message.IsSpent(now)))
            {
                spent.IsPoison = true;
            }

            var due = On(queue).Where(message => !message.IsPoison && message.VisibleAt <= now).Take(limit).ToList();
            foreach (var message in due)
            {
                message.Deliveries++;
                message.VisibleAt = now + hold;
                message.Receipt = (++receipts).ToString(CultureInfo.InvariantCulture);
            }

            return ValueTask.FromResult<IReadOnlyList<QueueDelivery>>(
                [.. due.Select(message => new QueueDelivery(
                    message.Body, message.Deliveries, message.VisibleAt, message.Receipt!))]);
        }
    }

    public ValueTask<bool> CompleteAsync(QueueName queue, string receipt, CancellationToken cancellation)
    {
        lock (gate)
        {
            return ValueTask.FromResult(Held(queue, receipt) is { } message && On(queue).Remove(message));
        }
    }

    public ValueTask<bool> ReleaseAsync(
        QueueName queue, string receipt, TimeSpan delay, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (Held(queue, receipt) is not { } message)
            {
                return ValueTask.FromResult(false);
            }

            message.Receipt = null;
            message.VisibleAt = time.Now + delay;
            message.IsPoison = message.Deliveries >= IQueue.MaximumDeliveries;
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<long> CountAsync(QueueName queue, CancellationToken cancellation) => Count(queue, poison: false);

    public ValueTask<long> CountPoisonAsync(QueueName queue, CancellationToken cancellation) => Count(queue, poison: true);

    public ValueTask<int> ReplayPoisonAsync(QueueName queue, CancellationToken cancellation)
    {
        lock (gate)
        {
            var now = time.Now;
            var poison = On(queue).Where(message => message.IsPoison || message.IsSpent(now)).ToList();
            foreach (var message in poison)
            {
                (message.IsPoison, message.Deliveries, message.VisibleAt, message.Receipt) = (false, 0, now, null);
            }

            return ValueTask.FromResult(poison.Count);
        }
    }

    /// <summary>Needs the gate.</summary>
    public void Enqueue(QueueName queue, QueueMessage message)
    {
        var now = time.Now;
        if (message.DeduplicationKey is { } key)
        {
            if (seen.TryGetValue((queue, key), out var at) && now - at < DeduplicationWindow)
            {
                return;
            }

            seen[(queue, key)] = now;
        }

        On(queue).Add(new Message(message.Body.ToArray()) { VisibleAt = now });
    }

    private ValueTask<long> Count(QueueName queue, bool poison)
    {
        lock (gate)
        {
            var now = time.Now;
            return ValueTask.FromResult<long>(
                On(queue).Count(message => (message.IsPoison || message.IsSpent(now)) == poison));
        }
    }

    // A receipt ends with its hold: another receiver may have the message by then.
    private Message? Held(QueueName queue, string receipt) =>
        On(queue).Find(message => message.Receipt == receipt && !message.IsPoison && message.VisibleAt > time.Now);

    private List<Message> On(QueueName queue)
    {
        if (!queues.TryGetValue(queue, out var messages))
        {
            queues.Add(queue, messages = []);
        }

        return messages;
    }

    private sealed class Message(byte[] body)
    {
        public byte[] Body { get; } = body;

        public int Deliveries { get; set; }

        public DateTimeOffset VisibleAt { get; set; }

        public string? Receipt { get; set; }

        public bool IsPoison { get; set; }

        public bool IsSpent(DateTimeOffset now) => Deliveries >= IQueue.MaximumDeliveries && VisibleAt <= now;
    }
}
