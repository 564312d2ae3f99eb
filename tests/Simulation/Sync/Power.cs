namespace PracticPro.Simulation.Sync;

/// <summary>
/// The power of the machine a program runs on. It may go before any write, of the store or of the workflows: that one
/// and all after it fail. What else is to happen at a write happens there.
/// </summary>
internal sealed class Power
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = int.MaxValue;
    private int before = int.MaxValue;
    private Action? moment;

    public bool IsOff => gone.Task.IsCompleted;

    /// <summary>Completes when it goes.</summary>
    public Task Gone => gone.Task;

    /// <summary>Goes before the so-maniest write from now.</summary>
    public void CutAt(int write)
    {
        lock (gate)
        {
            left = write;
        }
    }

    /// <summary>Something happens just before the so-maniest write from now is made.</summary>
    public void At(int write, Action happens)
    {
        lock (gate)
        {
            (before, moment) = (write, happens);
        }
    }

    public void OnWrite()
    {
        Action? now = null;
        lock (gate)
        {
            if (IsOff || --left <= 0)
            {
                gone.TrySetResult();
                throw new IOException("The power is off.");
            }

            if (--before <= 0)
            {
                (now, moment, before) = (moment, null, int.MaxValue);
            }
        }

        now?.Invoke();
    }
}
