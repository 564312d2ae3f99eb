namespace PracticPro.FunctionsHost.Queues;

/// <summary>Storage queues in memory: messages hide while somebody has them, and come back when their time is over.</summary>
internal sealed class QueueStore(TimeProvider clock, Dice dice)
{
    private static readonly TimeSpan DefaultLife = TimeSpan.FromDays(7);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<QueueMessage>> _queues = new(StringComparer.Ordinal);

    /// <summary>Called when a message may have become visible.</summary>
    public event System.Action? Changed;

    public TimeProvider Clock => clock;

    /// <summary>False when it was there already.</summary>
    public bool Create(string queue)
    {
        lock (_gate)
        {
            return _queues.TryAdd(queue, []);
        }
    }

    public bool Delete(string queue)
    {
        lock (_gate)
        {
            return _queues.Remove(queue);
        }
    }

    public IReadOnlyList<string> Names()
    {
        lock (_gate)
        {
            return [.. _queues.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Null when there is no such queue.</summary>
    public QueueMessage? Put(string queue, string text, TimeSpan? hidden = null, TimeSpan? life = null)
    {
        QueueMessage message;
        lock (_gate)
        {
            if (!_queues.TryGetValue(queue, out var messages))
            {
                return null;
            }

            var now = Second(clock.GetUtcNow());
            var expires = life is { } time && time < TimeSpan.Zero ? DateTimeOffset.MaxValue : now + (life ?? DefaultLife);
            message = new QueueMessage(
                dice.NextGuid().ToString(), text, now, expires, clock.GetUtcNow() + (hidden ?? TimeSpan.Zero), 0, Receipt());
            messages.Add(message);
        }

        Changed?.Invoke();
        return message;
    }

    /// <summary>Takes up to so many visible messages and hides them. Null when there is no such queue.</summary>
    public IReadOnlyList<QueueMessage>? Take(string queue, int count, TimeSpan hidden)
    {
        lock (_gate)
        {
            if (Visible(queue) is not { } visible)
            {
                return null;
            }

            var taken = new List<QueueMessage>();
            foreach (var one in visible.Take(count))
            {
                var mine = one with
                {
                    DequeueCount = one.DequeueCount + 1,
                    VisibleAt = clock.GetUtcNow() + hidden,
                    PopReceipt = Receipt(),
                };
                Replace(queue, one, mine);
                taken.Add(mine with { VisibleAt = Second(mine.VisibleAt) });
            }

            return taken;
        }
    }

    public IReadOnlyList<QueueMessage>? Peek(string queue, int count)
    {
        lock (_gate)
        {
            return Visible(queue)?.Take(count).ToList();
        }
    }

    /// <summary>Everything in the queue, hidden messages included.</summary>
    public IReadOnlyList<QueueMessage> All(string queue)
    {
        lock (_gate)
        {
            return _queues.TryGetValue(queue, out var messages) ? [.. messages] : [];
        }
    }

    public QueueVerdict Remove(string queue, string messageId, string receipt) =>
        Change(queue, messageId, receipt, (messages, one) => messages.Remove(one));

    /// <summary>Hides a message for longer or shows it again, with another text where one is given.</summary>
    public (QueueVerdict Verdict, QueueMessage? Updated) Update(
        string queue, string messageId, string receipt, TimeSpan hidden, string? text)
    {
        QueueMessage? updated = null;
        var verdict = Change(queue, messageId, receipt, (_, one) =>
        {
            updated = one with { Text = text ?? one.Text, VisibleAt = clock.GetUtcNow() + hidden, PopReceipt = Receipt() };
            Replace(queue, one, updated);
        });
        Changed?.Invoke();
        return (verdict, updated);
    }

    public bool Clear(string queue)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(queue, out var messages))
            {
                return false;
            }

            messages.Clear();
            return true;
        }
    }

    /// <summary>When the next hidden message shows itself; null when none is hidden.</summary>
    public DateTimeOffset? NextVisible(string queue)
    {
        lock (_gate)
        {
            return _queues.TryGetValue(queue, out var messages) && messages.Count > 0 ? messages.Min(one => one.VisibleAt) : null;
        }
    }

    private QueueVerdict Change(
        string queue, string messageId, string receipt, Action<List<QueueMessage>, QueueMessage> act)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(queue, out var messages))
            {
                return QueueVerdict.NoQueue;
            }

            if (messages.Find(one => one.Id == messageId) is not { } found)
            {
                return QueueVerdict.NoMessage;
            }

            if (found.PopReceipt != receipt)
            {
                return QueueVerdict.OtherReceipt;
            }

            act(messages, found);
            return QueueVerdict.Done;
        }
    }

    private List<QueueMessage>? Visible(string queue)
    {
        if (!_queues.TryGetValue(queue, out var messages))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        messages.RemoveAll(one => one.ExpiresAt <= now);
        return [.. messages.Where(one => one.VisibleAt <= now)];
    }

    private void Replace(string queue, QueueMessage old, QueueMessage changed)
    {
        var messages = _queues[queue];
        messages[messages.IndexOf(old)] = changed;
    }

    private string Receipt() => Convert.ToBase64String(dice.NextGuid().ToByteArray());

    // The service keeps whole seconds.
    private static DateTimeOffset Second(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

internal enum QueueVerdict
{
    Done,
    NoQueue,
    NoMessage,
    OtherReceipt,
}
