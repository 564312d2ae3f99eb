using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>One approval as a page: exactly what would leave, what the gates say, and what can be done about it.</summary>
internal sealed class ShowApproval(ReadApprovals read, ListSenders senders, TenantScopes scopes, TimeProvider time)
{
    public static string AddressOf(ApprovalId id) => $"/approvals/{id}";

    /// <summary>The page. After something failed, with why, and with what had been typed.</summary>
    /// <param name="typed">The edit form as it was sent, or null.</param>
    public async Task<object> RunAsync(
        SignedIn by, ApprovalId id, string? note, Failure? why, Form? typed, CancellationToken cancellation)
    {
        var found = await read.FindAsync(by.Tenant, id, cancellation);
        if (!found.Try(out var approval, out _))
        {
            return found;
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        // The page reloads while it is held; once it has left, the word in the address tells old news.
        var news = note == "approved" && approval.State != ApprovalState.Approved ? null : note;
        var frame = (await Frame.OfAsync(scope, by, "One approval", "inbox", cancellation, news, why?.Message)) with
        {
            RefreshSeconds = approval.State is ApprovalState.Approved or ApprovalState.Sending ? 5 : null,
        };
        var view = new ApprovalView(frame, AddressOf(id))
        {
            Action = ShowAction.View(approval),
            Standing = Standing(approval),
            Gates = [.. approval.Gates.Select(gate => Gate(approval, gate))],
            Choices = Choices(by, approval, await SendersAsync(by, approval, cancellation), typed),
            Steps = await StepsAsync(scope, by, approval, cancellation),
        };
        return new PageAnswer<ApprovalPage>(view, why is null ? StatusCodes.Status200OK : StatusOf(why));
    }

    // The page is shown again with the reason on it; the status is for programs, and says the same as the API would.
    private static int StatusOf(Failure why) => why switch
    {
        Failure.Conflict => StatusCodes.Status409Conflict,
        Failure.Refused => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    private static GateView Gate(Approval approval, GateResult gate)
    {
        // Gates are kept as they were shown; the person's own is as good as passed once a person approved.
        var passed = gate.Gate == GateName.Person && approval.Decision?.SendAfter is not null;
        var verdict = passed ? Verdict.Pass : gate.Verdict;
        return new GateView(
            Words.Of(gate.Gate),
            gate.Gate == GateName.Person && !passed ? "Waits" : Words.Of(verdict),
            Words.Class(verdict),
            verdict == Verdict.Pass ? [Words.Passed(gate.Gate)] : [.. gate.Reasons.Select(reason => reason.Message)]);
    }

    /// <summary>None where there is nothing to choose: one address, and the mail is from it.</summary>
    private async Task<IReadOnlyList<string>> SendersAsync(SignedIn by, Approval approval, CancellationToken cancellation)
    {
        var all = await senders.RunAsync(by.Tenant, approval, cancellation);
        return approval.Action is OutgoingMail mail && all is [var only] && mail.From.Address == only
            ? []
            : [.. all.Select(static address => address.Text)];
    }

    private static ChoicesView Choices(SignedIn by, Approval approval, IReadOnlyList<string> senders, Form? typed)
    {
        var waits = approval.State == ApprovalState.Waiting;
        var decides = by.May(Permission.DecideApprovals);
        var stopped = ApprovalWords.WorstVerdict(approval.Gates) == Verdict.Refuse;
        var edit = EditForm.Of(approval.Action, senders);
        var why = !waits ? null
            : !decides ? "Your role prepares what goes out; an owner of the practice decides."
            : stopped ? "A gate stops it as it is, so it cannot be approved. Edit it, or reject it."
            : null;
        return new ChoicesView(
            Approve: waits && decides && !stopped,
            Asks:
            [
                .. approval.Gates
                    .Where(gate => gate.Gate != GateName.Person && gate.Verdict == Verdict.Confirm)
                    .SelectMany(gate => gate.Reasons)
                    .Select(reason => reason.Message),
            ],
            Reject: waits && decides,
            Undo: approval.State == ApprovalState.Approved && decides,
            why,
            Edit: waits && by.May(Permission.EditApprovals) ? typed is null ? edit : EditForm.Typed(edit, typed) : null);
    }

    private StandingView Standing(Approval approval) => new(
        Words.HeadingOf(approval),
        Words.Of(approval.State),
        Words.Class(approval.State),
        Words.Meaning(approval),
        approval.Revision,
        approval is { State: ApprovalState.Waiting, VoidedBecause: { } because } ? Words.Voided(because) : null,
        approval.State == ApprovalState.Approved ? approval.Decision?.SendAfter : null,
        approval.Decision?.SendAfter is { } until ? Words.In(until, time.GetUtcNow()) : "");

    private static async Task<IReadOnlyList<StepView>> StepsAsync(
        TenantScope scope, SignedIn by, Approval approval, CancellationToken cancellation)
    {
        var steps = new List<StepView>
        {
            new(approval.ProposedAt, $"{await PracticeNames.OfActorAsync(scope, by, approval.ProposedBy.Label, cancellation)} proposed it."),
        };
        if (approval.Decision is { } decision)
        {
            var who = await PracticeNames.OfActorAsync(scope, by, decision.By.Text, cancellation);
            var reason = string.IsNullOrWhiteSpace(decision.Reason) ? "." : $": {decision.Reason}";
            steps.Add(new(decision.At, decision.SendAfter is null ? $"{who} rejected it{reason}" : $"{who} approved it."));
        }

        if (approval.Progress is { } progress)
        {
            steps.Add(new(progress.ReleasedAt, "The gates let it go."));
            steps.AddRange(progress.AttemptedAt is { } attempted ? [new(attempted, approval.Action is OutgoingMail ? "The provider was asked to send it." : "The provider was asked to do it.")] : []);
            steps.AddRange(progress.EndedAt is { } ended ? [new(ended, Words.Meaning(approval))] : []);
        }

        if (approval.State == ApprovalState.Waiting)
        {
            steps.Add(new(approval.ExpiresAt, "Expires if nobody decides."));
        }

        return steps;
    }
}
