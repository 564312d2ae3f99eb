using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>How states are spelt outside, and what all gates together say.</summary>
internal static class ApprovalWords
{
    /// <summary>True for one of the eight words; nothing means those that wait.</summary>
    public static bool TryParseState(string? word, out ApprovalState state)
    {
        state = ApprovalState.Waiting;
        if (string.IsNullOrEmpty(word))
        {
            return true;
        }

        foreach (var known in Enum.GetValues<ApprovalState>())
        {
            if (IndexText.State(known) == word)
            {
                state = known;
                return true;
            }
        }

        return false;
    }

    /// <summary>What kind of action it is: mail, event or task.</summary>
    public static string Kind(OutgoingAction action) => action switch
    {
        OutgoingMail => "mail",
        OutgoingEvent => "event",
        OutgoingTask => "task",
        _ => throw new InvalidOperationException("An action of no known kind."),
    };

    /// <summary>The worst of what the gates say, the person's own left out: it asks for exactly the look that is being taken.</summary>
    public static Verdict WorstVerdict(IEnumerable<GateResult> gates) => gates
        .Where(gate => gate.Gate != GateName.Person)
        .Select(gate => gate.Verdict)
        .DefaultIfEmpty(Verdict.Pass)
        .Max();
}
