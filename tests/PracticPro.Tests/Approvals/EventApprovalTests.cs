using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

[Trait("Promise", "APR-3")]
public sealed class EventApprovalTests
{
    private static readonly EventContent Visit = EventWriterContract.Visit;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Without_a_decision_no_event_is_made_changed_or_cancelled()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var place = await outbound.Calendar.MakeAsync(Visit);
        await outbound.ProposeEventAsync(OutboundPremises.Draft(Visit), basis: "make");
        await outbound.ProposeEventAsync(new("Changed", null, null, null, null), place, "change");
        await outbound.ProposeEventAsync(null, place, "cancel");
        await outbound.Premises.PassAsync(Approval.Lifetime);
        Assert.Equal(0, outbound.Calendar.Writes);
        Assert.Equal(3, (await outbound.Premises.InState(ApprovalState.Expired)).Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WriteFault.LoseRequest)]
    [InlineData(WriteFault.LoseAnswer)]
    [InlineData(WriteFault.ServerError)]
    [InlineData(WriteFault.RateLimit)]
    public async Task Whatever_goes_wrong_on_the_way_it_happens_exactly_once(WriteFault? fault)
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var (moved, gone) = (await outbound.Calendar.MakeAsync(Visit), await outbound.Calendar.MakeAsync(Visit));
        Approval[] all =
        [
            await outbound.ProposeEventAsync(OutboundPremises.Draft(Visit with { Title = "New" }), basis: "make"),
            await outbound.ProposeEventAsync(new("Moved", null, null, null, null), moved, "change"),
            await outbound.ProposeEventAsync(null, gone, "cancel"),
        ];
        foreach (var proposed in all)
        {
            var approved = await outbound.ApprovedAsync(proposed);
            if (fault is { } what)
            {
                outbound.Calendar.FailNextWrite(what);
            }

            await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
            await outbound.UntilAsync(approved, ApprovalState.Sent);
        }

        Assert.Equal(3, outbound.Calendar.Writes);
        Assert.Equal(["Moved", "New"], (await outbound.Calendar.EventsAsync()).Select(one => one.Title).Order(StringComparer.Ordinal));
        Assert.Equal(3, (await outbound.Premises.LeavesAsync(AuditAct.WriteDone)).Count);
    }

    [Fact]
    public async Task A_crash_before_any_write_on_the_way_leaves_one_event()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var crashed = true;
        for (var write = 1; crashed; write++)
        {
            var title = $"Before write {write}";
            var approved = await outbound.ApprovedAsync(
                await outbound.ProposeEventAsync(OutboundPremises.Draft(Visit with { Title = title }), basis: title));
            var (writes, last) = (0, write);
            await outbound.RestartAsync(() =>
            {
                if (Interlocked.Increment(ref writes) >= last)
                {
                    throw new IOException("The disk is gone.");
                }
            });
            outbound.Premises.Clock.Advance(OutboundPremises.UndoDelay);
            await outbound.Premises.IdleAsync();
            crashed = writes >= last;
            await outbound.RestartAsync();
            await outbound.UntilAsync(approved, ApprovalState.Sent);
            Assert.Single(await outbound.Calendar.EventsAsync(), one => one.Title == title);
            Assert.Equal(write, outbound.Calendar.Writes);
            Assert.InRange(write, 1, 12);
        }
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public async Task What_changed_at_the_provider_while_it_waited_is_shown_anew_and_not_approved()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var place = await outbound.Calendar.MakeAsync(Visit);
        var shown = await outbound.ProposeEventAsync(new("Ours", null, null, null, null), place);
        await outbound.Calendar.RenameAsync(place, "Theirs");
        Assert.IsType<ApprovalFailures.NotWhatWasShown>((await outbound.Premises.ApproveAsync(shown)).Failure);
        var anew = await outbound.Premises.ApprovalAsync(shown.Id);
        Assert.Equal((ApprovalState.Waiting, "changed-at-provider", 2), (anew.State, anew.VoidedBecause, anew.Revision));
        Assert.Equal("Theirs", ((OutgoingEvent)anew.Action).Before!.Title);
        await outbound.ApprovedAsync(anew);
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(anew, ApprovalState.Sent);
        Assert.Equal("Ours", Assert.Single(await outbound.Calendar.EventsAsync()).Title);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Promise", "APR-2")]
    public async Task What_changed_at_the_provider_after_it_was_approved_waits_again_and_is_not_overwritten(bool justBefore)
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var place = await outbound.Calendar.MakeAsync(Visit);
        var approved = await outbound.ApprovedAsync(await outbound.ProposeEventAsync(new("Ours", null, null, null, null), place));
        if (justBefore)
        {
            outbound.Calendar.BeforeNextWrite = () => outbound.Calendar.RenameAsync(place, "Theirs");
        }
        else
        {
            await outbound.Calendar.RenameAsync(place, "Theirs");
        }

        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        var anew = await outbound.UntilAsync(approved, ApprovalState.Waiting);
        Assert.Equal("changed-at-provider", anew.VoidedBecause);
        Assert.Null(anew.Decision);
        Assert.Null(anew.Progress);
        await outbound.Premises.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal("Theirs", Assert.Single(await outbound.Calendar.EventsAsync()).Title);
        Assert.Equal(0, outbound.Calendar.Writes);
    }

    [Fact]
    public async Task An_event_that_is_gone_cannot_be_approved_and_is_not_made_again()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var place = await outbound.Calendar.MakeAsync(Visit);
        var change = await outbound.ProposeEventAsync(new("Ours", null, null, null, null), place, "change");
        var approved = await outbound.ApprovedAsync(await outbound.ProposeEventAsync(null, place, "cancel"));
        await outbound.Calendar.DeleteAsync(place);
        Assert.IsType<Failure.NotFound>((await outbound.Premises.ApproveAsync(change)).Failure, exactMatch: false);
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        var voided = await outbound.UntilAsync(approved, ApprovalState.Waiting);
        Assert.Equal("gone-at-provider", voided.VoidedBecause);
        Assert.Equal(0, outbound.Calendar.Writes);
    }

    [Fact]
    [Trait("Promise", "APR-4")]
    public async Task An_edited_event_is_another_and_only_that_one_is_made()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var approved = await outbound.ApprovedAsync(await outbound.ProposeEventAsync(OutboundPremises.Draft(Visit)));
        var edit = new EditApproval.Edit(approved.Digest.Hex, null, null, null) { Event = new("Second visit", null, null, null, null) };
        var edited = (await outbound.Premises.Get<EditApproval>().RunAsync(outbound.Premises.Owner, approved.Id, edit, Cancellation)).Expect();
        Assert.Equal((ApprovalState.Waiting, "edited", 2), (edited.State, edited.VoidedBecause, edited.Revision));
        Assert.NotEqual(approved.Digest, edited.Digest);
        Assert.NotEqual(approved.Write!.Bytes, edited.Write!.Bytes);
        await outbound.ApprovedAsync(edited);
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(edited, ApprovalState.Sent);
        Assert.True(Assert.Single(await outbound.Calendar.EventsAsync()).Says(Visit with { Title = "Second visit" }));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var place = await outbound.Calendar.MakeAsync(Visit);
        var approved = await outbound.ApprovedAsync(await outbound.ProposeEventAsync(new(null, null, "Room 3", null, null), place));
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(approved, ApprovalState.Sent);
        Assert.True(Assert.Single(await outbound.Calendar.EventsAsync()).Says(Visit with { Location = "Room 3" }));
    }

    [Fact]
    public async Task Something_else_under_our_id_makes_it_unknown_and_is_left_alone()
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var approved = await outbound.ApprovedAsync(await outbound.ProposeEventAsync(OutboundPremises.Draft(Visit)));
        var mark = ((EventOrder.Create)((OutgoingEvent)approved.Action).Order).Mark;
        outbound.Calendar.BeforeNextWrite = () =>
        {
            outbound.Calendar.PutUnder(mark.Hex, Visit with { Title = "Theirs" });
            return Task.CompletedTask;
        };
        await outbound.Premises.PassAsync(OutboundPremises.UndoDelay);
        await outbound.UntilAsync(approved, ApprovalState.Unknown);
        Assert.Equal("Theirs", Assert.Single(await outbound.Calendar.EventsAsync()).Title);
        Assert.Single(await outbound.Premises.LeavesAsync(AuditAct.WriteUnknown));
    }

    [Theory]
    [InlineData("", "event")]
    [InlineData("Two\nlines", "event")]
    public async Task What_is_no_event_is_not_even_shown(string title, string field)
    {
        await using var outbound = await OutboundPremises.OpenAsync();
        var proposal = new PracticPro.Approvals.Published.ProposeEvent.Proposal(
            new Actor.Job("assistant"), outbound.Premises.Connection, OutboundPremises.Draft(Visit with { Title = title }), "", null, true, "a", "");
        var outcome = await outbound.Premises.Get<PracticPro.Approvals.Published.ProposeEvent>().RunAsync(outbound.Premises.Tenant, proposal, Cancellation);
        Assert.Equal(field, Assert.IsType<ApprovalFailures.BadEvent>(outcome.Failure).Field);
    }
}
