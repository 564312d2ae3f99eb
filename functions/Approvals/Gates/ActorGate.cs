using PracticPro.Access;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>Gate 1: who asks, and who decided. A job may propose, never decide.</summary>
internal static class ActorGate
{
    /// <summary>How long after signing in a person may approve without signing in again.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromHours(12);

    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(GateName.Actor, Reasons(facts));

    private static IEnumerable<GateReason> Reasons(GateFacts facts)
    {
        if (facts.Approver is not { } approver)
        {
            yield break;
        }

        if (approver.Actor is not Actor.Person)
        {
            yield return new("not-a-person", Verdict.Refuse, "Only a person can approve.");
        }

        if (!approver.Permissions.Contains(Permission.DecideApprovals))
        {
            yield return new("may-not-approve", Verdict.Refuse, "The approver's role does not allow approving. Ask an owner.");
        }

        if (facts.Now - approver.SignedInAt > FreshFor)
        {
            yield return new("session-stale", Verdict.Refuse, "The approval was given in an old session. Sign in and approve again.");
        }
    }
}
