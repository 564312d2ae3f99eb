namespace PracticPro.Azurite.Faults;

/// <summary>The faults to come, in the order they were asked for; the first that fits a call strikes it.</summary>
internal sealed class FaultPlan
{
    private readonly Lock gate = new();
    private readonly List<Planned> rules = [];
    private CancellationTokenSource stalls = new();

    /// <summary>Calls that were struck so far.</summary>
    public int Struck { get; private set; }

    public void Add(FaultRule rule)
    {
        lock (gate)
        {
            rules.Add(new Planned(rule, rule.Skip, rule.Times));
        }
    }

    /// <summary>No faults any more; what is stalled is cut.</summary>
    public void Clear()
    {
        CancellationTokenSource ended;
        lock (gate)
        {
            rules.Clear();
            (ended, stalls) = (stalls, new CancellationTokenSource());
        }

        ended.Cancel();
        ended.Dispose();
    }

    /// <summary>No faults any more for calls with exactly that text asked for in their path.</summary>
    public void Clear(string path)
    {
        lock (gate)
        {
            rules.RemoveAll(planned => planned.Rule.Path == path);
        }
    }

    /// <summary>What strikes this call, if anything; and what ends it, if it is a stall.</summary>
    public (FaultAct? Act, CancellationToken Release) Take(string service, HttpRequest request)
    {
        lock (gate)
        {
            for (var at = 0; at < rules.Count; at++)
            {
                var planned = rules[at];
                if (!planned.Rule.Fits(service, request))
                {
                    continue;
                }

                if (planned.Skip > 0)
                {
                    rules[at] = planned with { Skip = planned.Skip - 1 };
                    continue;
                }

                if (planned.Times == 1)
                {
                    rules.RemoveAt(at);
                }
                else if (planned.Times > 0)
                {
                    rules[at] = planned with { Times = planned.Times - 1 };
                }

                Struck++;
                return (planned.Rule.Act, stalls.Token);
            }

            return (null, CancellationToken.None);
        }
    }

    private sealed record Planned(FaultRule Rule, int Skip, int Times);
}
