using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.Faults;

/// <summary>Rules in the order they were added. The first that strikes decides; later ones do not see the request.</summary>
internal sealed class FaultQueue
{
    private readonly Lock gate = new();
    private readonly List<FaultRule> rules = [];

    /// <param name="skip">Matching requests that pass first.</param>
    /// <param name="times">How many are struck then.</param>
    public FaultRule Add(FaultMatch match, Fault fault, int skip = 0, int times = 1)
    {
        var rule = new FaultRule(match, fault, skip, times);
        lock (gate)
        {
            rules.Add(rule);
        }

        return rule;
    }

    /// <summary>Forgets all rules; stalled requests go on.</summary>
    public void Clear()
    {
        lock (gate)
        {
            rules.ForEach(rule => rule.Release());
            rules.Clear();
        }
    }

    public FaultRule? Strike(CosmosRequest request)
    {
        lock (gate)
        {
            return rules.Find(rule => rule.Strikes(request));
        }
    }
}
