using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// A person's decision about exactly what they were shown. The write is conditional on what was read: of two people who
/// decide at the same time, one decides and the other is told.
/// </summary>
internal sealed class DecideApproval(
    TenantScopes scopes, GatherGateFacts gather, ShowTargetAnew anew, ApprovalOptions options, TimeProvider time)
{
    private const int LongestReason = 500;

    /// <param name="shownDigest">The digest on the page the person decided from.</param>
    /// <param name="confirmed">The person ticked that they have taken the second look that gates asked for.</param>
    public async Task<Outcome<Approval>> ApproveAsync(
        SignedIn by, ApprovalId id, string? shownDigest, bool confirmed, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var found = await ApprovalWrites.FindAsync(scope, id, ApprovalMove.Approve, shownDigest, time.GetUtcNow(), cancellation);
        if (!found.Try(out var stored, out var why))
        {
            return why;
        }

        var look = await anew.LookAsync(scope, stored.Value, cancellation);
        if (look.Failure is Failure.NotFound gone)
        {
            return gone;
        }

        if (look.Try(out var changed, out _) && changed is not null)
        {
            return await ShowAnewAsync(scope, stored, changed, cancellation);
        }

        var approver = new ApproverFacts(
            by.Actor, Roles.PermissionsOf(by.Person.Role), by.Session.SignedInAt, DigestMatches: true);
        var facts = await gather.RunAsync(scope, stored.Value, stored.Value.Action, approver, cancellation);
        var gates = SixGates.Evaluate(facts);
        if (gates.FirstOrDefault(gate => gate.Verdict == Verdict.Refuse) is { } refusing)
        {
            return new ApprovalFailures.GateRefuses(refusing.Gate.ToString().ToLowerInvariant());
        }

        if (!SixGates.MayRelease(stored.Value.Gates, gates))
        {
            var reshown = Approval.Revise(stored.Value, SixGates.Evaluate(facts with { Approver = null }));
            return await ShowAnewAsync(scope, stored, reshown, cancellation);
        }

        if (!confirmed && NeedsSecondLook(stored.Value.Gates))
        {
            return new ApprovalFailures.NotConfirmed();
        }

        var now = time.GetUtcNow();
        var decision = new Decision(
            by.Person.Id, by.Session.SignedInAt, now, stored.Value.Digest, now + options.UndoDelay, Reason: null);
        return await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.Approve, approval => approval with { Decision = decision, VoidedBecause = null },
            ApprovalWrites.Entry(by.Actor, AuditAct.ApprovalApproved, stored.Value), cancellation);
    }

    /// <param name="reason">The person's own words; may be empty.</param>
    public async Task<Outcome<Approval>> RejectAsync(
        SignedIn by, ApprovalId id, string? shownDigest, string? reason, CancellationToken cancellation)
    {
        if (reason?.Length > LongestReason)
        {
            return new ApprovalFailures.ReasonTooLong();
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var found = await ApprovalWrites.FindAsync(scope, id, ApprovalMove.Reject, shownDigest, time.GetUtcNow(), cancellation);
        if (!found.Try(out var stored, out var why))
        {
            return why;
        }

        var decision = new Decision(
            by.Person.Id, by.Session.SignedInAt, time.GetUtcNow(), stored.Value.Digest, SendAfter: null, reason);
        return await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.Reject, approval => approval with { Decision = decision },
            ApprovalWrites.Entry(by.Actor, AuditAct.ApprovalRejected, stored.Value), cancellation);
    }

    /// <summary>Takes an approval back while it is still held.</summary>
    public async Task<Outcome<Approval>> UndoAsync(SignedIn by, ApprovalId id, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var found = await ApprovalWrites.FindAsync(scope, id, ApprovalMove.Undo, null, time.GetUtcNow(), cancellation);
        if (!found.Try(out var stored, out var why))
        {
            return why is ApprovalFailures.AlreadyDecided ? new ApprovalFailures.TooLateToUndo() : why;
        }

        return await ApprovalWrites.MoveAsync(
            scope, stored, ApprovalMove.Undo, approval => approval with { Decision = null, VoidedBecause = "undone" },
            ApprovalWrites.Entry(by.Actor, AuditAct.ApprovalVoided, stored.Value), cancellation);
    }

    /// <summary>Something besides the approval itself asks for a second look.</summary>
    public static bool NeedsSecondLook(IEnumerable<GateResult> gates) =>
        gates.Any(gate => gate.Gate != GateName.Person && gate.Verdict == Verdict.Confirm);

    /// <summary>The world changed since it was shown: keeps how it stands now, and asks the person to look again.</summary>
    private static async Task<Outcome<Approval>> ShowAnewAsync(
        TenantScope scope, Stored<Approval> stored, Approval shown, CancellationToken cancellation)
    {
        await scope.CommitAsync(
            ApprovalWrites.Entry(AwaitApproval.Job, AuditAct.ApprovalVoided, stored.Value),
            [scope.Put(ApprovalKinds.Approval, shown, Condition.Is(stored.Version))],
            cancellation);
        return new ApprovalFailures.NotWhatWasShown();
    }
}
