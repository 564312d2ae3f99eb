using System.Text;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;
using PracticPro.FunctionsHost.Queues;

namespace PracticPro.FunctionsHost.Triggers;

/// <summary>
/// Takes messages for queueTrigger functions, hides each for ten minutes while it is worked on, deletes what succeeded,
/// shows what failed again, and moves a message that failed too often to the poison queue.
/// </summary>
internal sealed class QueueTriggers : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly QueueStore _queues;
    private readonly HostSettings _host;
    private readonly Invoker _invoker;
    private readonly Payloads _payloads;
    private readonly InFlight _inFlight;
    private readonly List<(Function Function, string Queue)> _functions;
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly ITimer _timer;

    public QueueTriggers(QueueStore queues, AppFolder app, Invoker invoker, Payloads payloads, InFlight inFlight)
    {
        _queues = queues;
        _host = app.Settings;
        _invoker = invoker;
        _payloads = payloads;
        _inFlight = inFlight;
        _functions =
        [
            .. app.Functions.Where(one => one.Trigger.Type == "queueTrigger").Select(one => (one, one.Trigger.Text("queueName")!)),
        ];
        _timer = invoker.Clock.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        _functions.ForEach(one => _queues.Create(one.Queue));
        _queues.Changed += Pump;
        Pump();
    }

    public void Dispose()
    {
        _queues.Changed -= Pump;
        _timer.Dispose();
    }

    private void Pump()
    {
        lock (_gate)
        {
            if (_invoker.Stopping.IsCancellationRequested)
            {
                return;
            }

            foreach (var (function, queue) in _functions)
            {
                Pump(function, queue);
            }

            ArmForHidden();
        }
    }

    private void Pump(Function function, string queue)
    {
        var room = _host.QueueBatchSize - _running.GetValueOrDefault(function.Name);
        foreach (var message in room > 0 ? _queues.Take(queue, room, Lease) ?? [] : [])
        {
            _running[function.Name] = _running.GetValueOrDefault(function.Name) + 1;
            _inFlight.Enter();
            _ = Task.Run(() => WorkAsync(function, queue, message));
        }
    }

    private void ArmForHidden()
    {
        var next = _functions.Select(one => _queues.NextVisible(one.Queue)).Min();
        if (next is { } time)
        {
            var wait = time - _invoker.Clock.GetUtcNow();
            var least = TimeSpan.FromMilliseconds(10);
            _timer.Change(wait < least ? least : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task WorkAsync(Function function, string queue, QueueMessage message)
    {
        try
        {
            var outcome = Read(message) is { } text
                ? await _invoker.InvokeAsync(function, _payloads.Queue(function, message, text))
                : null;
            _invoker.Events.Statistics.Count(Figure.QueueMessages);
            if (outcome?.Kind != OutcomeKind.Abandoned)
            {
                await SettleAsync(function, queue, message, outcome);
            }
        }
        finally
        {
            lock (_gate)
            {
                _running[function.Name]--;
            }

            Pump();
            _inFlight.Leave();
        }
    }

    // A text that cannot be decoded is poison at once.
    private Task SettleAsync(Function function, string queue, QueueMessage message, Outcome? outcome)
    {
        if (outcome is { Kind: OutcomeKind.Answered })
        {
            QueueOutput.Write(_queues, function, outcome.Answer!);
            _queues.Remove(queue, message.Id, message.PopReceipt);
        }
        else if (outcome is null || message.DequeueCount >= _host.MaxDequeueCount)
        {
            var poison = $"{queue}-poison";
            _queues.Create(poison);
            _queues.Put(poison, message.Text);
            _queues.Remove(queue, message.Id, message.PopReceipt);
            _invoker.Events.Statistics.Count(Figure.PoisonMessages);
            _invoker.Events.Write($"a message of {queue} is poison");
        }
        else
        {
            _queues.Update(queue, message.Id, message.PopReceipt, _host.QueueRetryDelay, null);
        }

        return Task.CompletedTask;
    }

    private string? Read(QueueMessage message)
    {
        if (!_host.QueueTextIsBase64)
        {
            return message.Text;
        }

        var bytes = new byte[message.Text.Length];
        return Convert.TryFromBase64String(message.Text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
