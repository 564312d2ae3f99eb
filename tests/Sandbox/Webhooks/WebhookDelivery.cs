namespace PracticPro.Sandbox.Webhooks;

/// <summary>How far a notification has come.</summary>
internal enum DeliveryState
{
    Pending,
    Acknowledged,
    GivenUp,

    /// <summary>Never sent, on purpose.</summary>
    Lost,
}

/// <summary>
/// One notification and the story of its delivery. The body never changes between attempts; the signature may, where
/// it carries a time.
/// </summary>
internal sealed class WebhookDelivery(string key, byte[] body)
{
    private readonly Lock _gate = new();
    private readonly List<int> _statuses = [];
    private TaskCompletionSource _wake = Signal();
    private TaskCompletionSource _attempted = Signal();

    /// <summary>Names the notification in the control calls.</summary>
    public string Key => key;

    public byte[] Body => body;

    public DeliveryState State { get; private set; }

    /// <summary>The answers so far, in order; 0 stands for no answer.</summary>
    public IReadOnlyList<int> Statuses
    {
        get
        {
            lock (_gate)
            {
                return [.. _statuses];
            }
        }
    }

    public void Lose() => State = DeliveryState.Lost;

    public void Note(int status, DeliveryState state)
    {
        lock (_gate)
        {
            _statuses.Add(status);
            State = state;
            _attempted.TrySetResult();
            _attempted = Signal();
        }
    }

    /// <summary>Waits for the next attempt's time, or until somebody asks for it now.</summary>
    public async Task WaitAsync(TimeSpan wait, TimeProvider clock, CancellationToken cancellation)
    {
        Task wake;
        lock (_gate)
        {
            wake = _wake.Task;
        }

        await Task.WhenAny(Task.Delay(wait, clock, cancellation), wake);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _wake = Signal();
        }
    }

    /// <summary>Asks for the next attempt at once; the task ends when it was made.</summary>
    public Task AttemptNow()
    {
        lock (_gate)
        {
            _wake.TrySetResult();
            return State == DeliveryState.Pending ? _attempted.Task : Task.CompletedTask;
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
