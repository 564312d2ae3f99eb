namespace PracticPro.Sandbox.Faults;

/// <summary>
/// The rules in the order they were added. The first rule that strikes decides; later ones do not see the request.
/// </summary>
internal sealed class FaultQueue
{
    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];
    private int _lastNumber;

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules];
            }
        }
    }

    public FaultRule Add(FaultMatch match, FaultAction action, int skip = 0, int times = 1)
    {
        lock (_gate)
        {
            var rule = new FaultRule(++_lastNumber, match, action, skip, times);
            _rules.Add(rule);
            return rule;
        }
    }

    public FaultAction? Strike(string method, string path, string? mailbox)
    {
        lock (_gate)
        {
            return _rules.Find(rule => rule.Strikes(method, path, mailbox))?.Action;
        }
    }

    public bool Remove(int number)
    {
        lock (_gate)
        {
            return _rules.RemoveAll(rule => rule.Number == number) > 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }
}
