using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Faults;

/// <summary>What goes wrong: rules that strike calls, and how often the hub delivers twice or in another order.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Standing> _rules = [];

    /// <summary>Of a hundred completions, timers and events, how many arrive a second time.</summary>
    public int DuplicateMessages { get; set; }

    /// <summary>Of a hundred activities, how many run a second time.</summary>
    public int DuplicateActivities { get; set; }

    /// <summary>Of a hundred raised events, how many overtake what waits before them.</summary>
    public int ReorderedEvents { get; set; }

    /// <summary>Of a hundred turns, how many are forgotten after their answer and taken again.</summary>
    public int ForgottenTurns { get; set; }

    /// <summary>While true, no turn begins: what arrives piles up and comes in one turn afterwards.</summary>
    public bool HoldsTurns { get; set; }

    public IReadOnlyList<(FaultRule Rule, int Seen, int Struck)> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules.Select(one => (one.Rule, one.Seen, one.Struck))];
            }
        }
    }

    public FaultPlan Add(FaultRule rule)
    {
        lock (_gate)
        {
            _rules.Add(new Standing(rule));
        }

        return this;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            (DuplicateMessages, DuplicateActivities, ReorderedEvents, ForgottenTurns) = (0, 0, 0, 0);
            HoldsTurns = false;
        }
    }

    /// <summary>The fault that strikes this call, if one does.</summary>
    public FaultRule? Take(Function function, Dice dice)
    {
        lock (_gate)
        {
            return _rules.FirstOrDefault(one => one.Strikes(function, dice))?.Rule;
        }
    }

    private sealed class Standing(FaultRule rule)
    {
        public FaultRule Rule => rule;

        public int Seen { get; private set; }

        public int Struck { get; private set; }

        public bool Strikes(Function function, Dice dice)
        {
            if (rule.Function is not null && !rule.Function.Equals(function.Name, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            Seen++;
            if (Seen <= rule.Skip || (rule.Times > 0 && Struck >= rule.Times) || !(rule.Percent == 100 || dice.Chance(rule.Percent)))
            {
                return false;
            }

            Struck++;
            return true;
        }
    }
}
