using System.Collections.Immutable;

namespace PracticPro.Approvals;

/// <summary>
/// All six gates, pure, in order (APR-2). Evaluated when proposed, when decided and again just before sending.
/// Refuse beats confirm beats pass.
/// </summary>
internal static class SixGates
{
    public static ImmutableArray<GateResult> Evaluate(GateFacts facts) =>
    [
        ActorGate.Evaluate(facts),
        PolicyGate.Evaluate(facts),
        ContentGate.Evaluate(facts),
        RecipientGate.Evaluate(facts),
        PaceGate.Evaluate(facts),
        PersonGate.Evaluate(facts),
    ];

    /// <summary>
    /// Whether what stands now may go out on an approval given when <paramref name="shown"/> was shown: nothing is
    /// refused, and nothing needs confirming that the approver did not see. Pace alone may differ in being better.
    /// </summary>
    public static bool MayRelease(IEnumerable<GateResult> shown, IEnumerable<GateResult> now)
    {
        var seen = shown.SelectMany(gate => gate.Reasons).Select(reason => reason.Code).ToHashSet(StringComparer.Ordinal);
        return now.SelectMany(gate => gate.Reasons)
            .All(reason => reason.Verdict == Verdict.Confirm && seen.Contains(reason.Code));
    }
}
