namespace PracticPro.Sync.Budgets;

/// <summary>Leave to make one call. Disposed when the call is over: until then it counts as under way.</summary>
internal sealed class CallLease(ProviderGate gate, AccountGate account, int calls) : IDisposable
{
    private int over;

    /// <summary>
    /// The provider said no, for so long. Until then nothing is asked for this account, whoever asks; afterwards at half
    /// the rate for a while.
    /// </summary>
    public void Refused(TimeSpan wait)
    {
        if (account.IsKnown)
        {
            gate.Close(account, wait);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref over, 1) == 0)
        {
            gate.Leave(account, calls);
        }
    }
}
