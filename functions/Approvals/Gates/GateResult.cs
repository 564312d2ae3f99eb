using System.Collections.Immutable;

namespace PracticPro.Approvals;

/// <summary>The six gates, in the order they are shown (APR-2).</summary>
internal enum GateName
{
    Actor,
    Policy,
    Content,
    Recipient,
    Pace,
    Person,
}

internal enum Verdict
{
    Pass,

    /// <summary>May go out once a person has seen this reason and approved all the same.</summary>
    Confirm,

    /// <summary>May not go out as it is; nobody can approve it.</summary>
    Refuse,
}

/// <param name="Code">Stable, lower-case with hyphens.</param>
/// <param name="Message">For the approver: what is the matter and what to do. Never repeats the matter itself.</param>
internal sealed record GateReason(string Code, Verdict Verdict, string Message);

/// <summary>What one gate says. The worst of its reasons is its verdict; no reason at all is a pass.</summary>
internal sealed record GateResult(GateName Gate, ImmutableArray<GateReason> Reasons)
{
    public Verdict Verdict => Reasons.IsEmpty ? Verdict.Pass : Reasons.Max(reason => reason.Verdict);

    public static GateResult Of(GateName gate, IEnumerable<GateReason> reasons) => new(gate, [.. reasons]);

    /// <summary>The result as one word in the digest: <c>recipient:confirm:new-recipient</c>.</summary>
    public string ForDigest() =>
        $"{Gate}:{Verdict}:{string.Join('+', Reasons.Select(reason => reason.Code).Order(StringComparer.Ordinal))}"
            .ToLowerInvariant();
}
