namespace PracticPro.Approvals;

/// <summary>Gate 6: a person approved, and approved exactly this.</summary>
internal static class PersonGate
{
    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(GateName.Person, Reasons(facts));

    private static IEnumerable<GateReason> Reasons(GateFacts facts)
    {
        if (facts.Approver is null)
        {
            yield return new("awaits-approval", Verdict.Confirm, "Waits for a person to approve it.");
        }
        else if (!facts.Approver.DigestMatches)
        {
            yield return new("other-content-approved", Verdict.Refuse, "What was approved is not what would be sent. Approve it again.");
        }
    }
}
