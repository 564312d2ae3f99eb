using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>
/// An event that is to be changed or cancelled is approved as it stood when it was shown. When it stands otherwise at the
/// provider by now, the approval does not count any more: it is shown anew, for what stands there now, and nothing is
/// overwritten.
/// </summary>
internal sealed class ShowTargetAnew(IEventWriter events, ComposeAction compose, GatherGateFacts gather)
{
    public const string Because = "changed-at-provider";

    /// <summary>
    /// The approval as it would have to be shown now; null when it still is as it was shown. A failure:
    /// <see cref="Failure.NotFound"/> when the event is gone, or that the provider cannot be asked.
    /// </summary>
    public async Task<Outcome<Approval?>> LookAsync(TenantScope scope, Approval approval, CancellationToken cancellation)
    {
        if (approval.Action is not OutgoingEvent { Place: { } place } shown)
        {
            return new Outcome<Approval?>((Approval?)null);
        }

        var read = await events.ReadAsync(scope.Tenant, approval.Connection!.Value, place, cancellation);
        if (!read.Try(out var now, out var why))
        {
            return why;
        }

        return now.ETag == shown.ETag
            ? new Outcome<Approval?>((Approval?)null)
            : await ComposeAsync(scope, approval, shown.Anew(now), cancellation);
    }

    /// <summary>The approval with another action, as it would be shown: a new revision that nobody has decided about.</summary>
    private async Task<Outcome<Approval?>> ComposeAsync(
        TenantScope scope, Approval approval, OutgoingEvent action, CancellationToken cancellation)
    {
        var composed = await compose.RunAsync(scope, approval.Id, approval.Connection, action, cancellation);
        if (!composed.Try(out var whole, out var why))
        {
            return why;
        }

        var facts = await gather.RunAsync(scope, approval, action, approver: null, cancellation);
        var shown = Approval.Revise(approval, whole, SixGates.Evaluate(facts));
        return shown with { Revision = approval.Revision + 1, VoidedBecause = Because, Progress = null };
    }
}
