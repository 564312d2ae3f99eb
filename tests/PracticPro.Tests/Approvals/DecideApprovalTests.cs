using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

public sealed class DecideApprovalTests
{
    private static readonly TimeSpan UndoDelay = TimeSpan.FromSeconds(31);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Without_a_decision_nothing_leaves_and_after_a_week_it_expires()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync();
        await premises.PassAsync(Approval.Lifetime - TimeSpan.FromMinutes(1));
        Assert.Equal(ApprovalState.Waiting, (await premises.ApprovalAsync(approval.Id)).State);
        await premises.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(ApprovalState.Expired, (await premises.ApprovalAsync(approval.Id)).State);
        Assert.Empty(premises.Outside.World.Sends.All());
    }

    [Fact]
    [Trait("Promise", "APR-4")]
    public async Task An_approval_past_its_time_cannot_be_approved_edited_or_rejected()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync();
        premises.Clock.Set(approval.ExpiresAt);
        Assert.IsType<ApprovalFailures.Expired>((await premises.ApproveAsync(approval)).Failure);
        Assert.IsType<ApprovalFailures.Expired>((await EditAsync(premises, approval, "Other.")).Failure);
        Assert.IsType<ApprovalFailures.Expired>((await RejectAsync(premises, approval)).Failure);
    }

    [Fact]
    public async Task Proposing_the_same_twice_proposes_once()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var first = await premises.ProposeAsync("same");
        var second = await premises.ProposeAsync("same", text: "Another text.");
        Assert.Equal(first.Digest, second.Digest);
        Assert.Single(await premises.InState(ApprovalState.Waiting));
        Assert.Single(await premises.LeavesAsync(AuditAct.ApprovalProposed));
    }

    [Fact]
    public async Task Of_many_who_approve_at_once_one_approves()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => premises.ApproveAsync(approval)));
        Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.All(
            outcomes.Where(outcome => !outcome.Succeeded),
            outcome => Assert.IsType<ApprovalFailures.AlreadyDecided>(outcome.Failure));
        await premises.PassAsync(UndoDelay);
        premises.AssertSentOnce(approval);
    }

    [Fact]
    public async Task What_changed_after_it_was_shown_cannot_be_approved()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var shown = await premises.ProposeAsync();
        (await EditAsync(premises, shown, "Changed meanwhile.")).Expect();
        Assert.IsType<ApprovalFailures.NotWhatWasShown>((await premises.ApproveAsync(shown)).Failure);
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public async Task An_edit_voids_the_approval_and_nothing_leaves_before_the_next()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approved = await premises.ApprovedAsync();
        var edited = (await EditAsync(premises, approved, "Changed meanwhile.")).Expect();
        Assert.Equal((ApprovalState.Waiting, "edited", 2), (edited.State, edited.VoidedBecause, edited.Revision));
        Assert.NotEqual(approved.Digest, edited.Digest);
        Assert.NotEqual(approved.Mail.MessageId, edited.Mail.MessageId);
        await premises.PassAsync(TimeSpan.FromHours(1));
        Assert.Empty(premises.Outside.World.Sends.All());
    }

    [Fact]
    [Trait("Promise", "APR-4")]
    public async Task An_approval_can_be_undone_while_it_is_held_and_not_after()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var decide = premises.Get<DecideApproval>();
        var first = await premises.ApprovedAsync("first", "First text.");
        await premises.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(ApprovalState.Waiting, (await decide.UndoAsync(premises.Owner, first.Id, Cancellation)).Expect().State);
        await premises.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(0, premises.TimesSent(first));

        var second = await premises.ApprovedAsync("second", "Second text.");
        await premises.PassAsync(UndoDelay);
        Assert.IsType<ApprovalFailures.TooLateToUndo>((await decide.UndoAsync(premises.Owner, second.Id, Cancellation)).Failure);
        premises.AssertSentOnce(second);
    }

    [Fact]
    [Trait("Promise", "APR-4")]
    public async Task A_rejection_keeps_its_reason_and_ends_it()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync();
        var rejected = (await RejectAsync(premises, approval)).Expect();
        Assert.Equal((ApprovalState.Rejected, "Not like this."), (rejected.State, rejected.Decision!.Reason));
        Assert.IsType<ApprovalFailures.AlreadyDecided>((await premises.ApproveAsync(approval)).Failure);
    }

    [Fact]
    public async Task A_second_look_that_a_gate_asks_for_must_be_confirmed()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync(to: "stranger@elsewhere.example");
        Assert.IsType<ApprovalFailures.NotConfirmed>((await premises.ApproveAsync(approval, confirmed: false)).Failure);
        (await premises.ApproveAsync(approval, confirmed: true)).Expect();
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public async Task What_a_gate_refuses_cannot_be_approved_and_can_be_edited_into_shape()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync(text: "Dear {{name}},");
        Assert.Equal("content", Assert.IsType<ApprovalFailures.GateRefuses>((await premises.ApproveAsync(approval)).Failure).Gate);
        var edited = (await EditAsync(premises, approval, "Dear Ada,")).Expect();
        (await premises.ApproveAsync(edited)).Expect();
    }

    [Theory]
    [InlineData("grant", "mailbox-not-connected")]
    [InlineData("switch", "outbound-off")]
    [InlineData("opt-out", "opted-out")]
    [InlineData("role", "may-not-approve")]
    [Trait("Promise", "APR-2")]
    public async Task The_gates_are_asked_again_before_it_leaves(string change, string because)
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ApprovedAsync();
        await ChangeAsync(premises, change);
        await premises.PassAsync(UndoDelay);
        var voided = await premises.ApprovalAsync(approval.Id);
        Assert.Equal((ApprovalState.Waiting, because), (voided.State, voided.VoidedBecause));
        Assert.Empty(premises.Outside.World.Sends.All());
        Assert.Single(await premises.LeavesAsync(AuditAct.ApprovalVoided));
    }

    [Fact]
    public async Task The_same_text_to_the_same_person_is_shown_to_the_approver_before_it_leaves_again()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var first = await premises.ApprovedAsync("first");
        var second = await premises.ProposeAsync("second");
        await premises.PassAsync(UndoDelay);
        premises.AssertSentOnce(first);
        Assert.IsType<ApprovalFailures.NotWhatWasShown>((await premises.ApproveAsync(second)).Failure);
        var shown = await premises.ApprovalAsync(second.Id);
        Assert.Contains(shown.Gates.SelectMany(gate => gate.Reasons), reason => reason.Code == "sent-already");
        (await premises.ApproveAsync(shown)).Expect();
    }

    [Fact]
    public async Task Somebody_without_the_permission_cannot_approve()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync();
        var frontDesk = premises.Owner with { Person = premises.Owner.Person with { Role = Roles.FrontDesk } };
        var outcome = await premises.Get<DecideApproval>().ApproveAsync(frontDesk, approval.Id, approval.Digest.Hex, true, Cancellation);
        Assert.Equal("actor", Assert.IsType<ApprovalFailures.GateRefuses>(outcome.Failure).Gate);
    }

    [Theory]
    [InlineData("", "Text.", "ada@mail.example")]
    [InlineData("Subject", "", "ada@mail.example")]
    [InlineData("Two\r\nBcc: mallory@mail.example", "Text.", "ada@mail.example")]
    [InlineData("Subject", "Text.", "ada at mail.example")]
    [InlineData("Subject", "Text.", "ada@mail.example\r\nBcc: mallory@mail.example")]
    public async Task An_edit_that_cannot_be_written_into_a_mail_is_refused(string subject, string text, string to)
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var approval = await premises.ProposeAsync();
        var edit = new EditApproval.Edit(approval.Digest.Hex, [to], subject, text);
        var outcome = await premises.Get<EditApproval>().RunAsync(premises.Owner, approval.Id, edit, Cancellation);
        Assert.IsType<Failure.Invalid>(outcome.Failure, exactMatch: false);
        Assert.Equal(approval.Digest, (await premises.ApprovalAsync(approval.Id)).Digest);
    }

    private static async Task ChangeAsync(Premises premises, string change)
    {
        var scope = await premises.ScopeAsync();
        var policy = OutboundPolicy.Default;
        var connection = await premises.ConnectionAsync();
        var operation = change switch
        {
            "grant" => scope.Put(
                PracticPro.Sync.SyncKinds.Connection, connection with { State = ConnectionState.NeedsReconnect }, Condition.Any),
            "switch" => scope.Put(ApprovalKinds.Policy, policy with { Allowed = false }, Condition.Any),
            "opt-out" => scope.Put(
                ApprovalKinds.Policy, policy with { OptedOut = [EmailAddress.Parse("ada@mail.example")] }, Condition.Any),
            _ => scope.Put(AccessKinds.Person, premises.Owner.Person with { Role = Roles.FrontDesk }, Condition.Any),
        };
        Assert.IsType<CommitOutcome.Committed>(await scope.CommitAsync([operation], Cancellation));
    }

    private static Task<Outcome<Approval>> EditAsync(Premises premises, Approval approval, string text) =>
        premises.Get<EditApproval>().RunAsync(
            premises.Owner,
            approval.Id,
            new EditApproval.Edit(approval.Digest.Hex, ["ada@mail.example"], approval.Mail.Subject, text),
            Cancellation);

    private static Task<Outcome<Approval>> RejectAsync(Premises premises, Approval approval) =>
        premises.Get<DecideApproval>().RejectAsync(
            premises.Owner, approval.Id, approval.Digest.Hex, "Not like this.", Cancellation);
}
