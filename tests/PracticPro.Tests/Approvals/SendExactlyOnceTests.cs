using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Mail;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

[Trait("Promise", "APR-3")]
public sealed class SendExactlyOnceTests
{
    private const string Create = "/drafts$";
    private const string Send = "/drafts/send$";
    private static readonly TimeSpan UndoDelay = TimeSpan.FromSeconds(31);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_goes_wrong_on_the_way_it_is_sent_exactly_once()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var faults =
            from path in (string[])[Create, Send]
            from kind in (FaultKind[])[FaultKind.DropBefore, FaultKind.DropAfter, FaultKind.Malformed, FaultKind.Truncate]
            select (path, new FaultAction(kind));
        var statuses =
            from path in (string[])[Create, Send]
            from reason in (string[])["backendError", "userRateLimitExceeded", "rateLimitExceeded", "authError"]
            select (path, new FaultAction(FaultKind.Status) { Reason = reason });
        var timeouts =
            from path in (string[])[Create, Send]
            from acts in (bool[])[true, false]
            select (path, new FaultAction(FaultKind.Timeout) { Acts = acts, Seconds = 0.01 });
        foreach (var (path, fault) in faults.Concat(statuses).Concat(timeouts))
        {
            var approval = await premises.ApprovedAsync($"{path} {fault}", $"Text for {path} {fault}.");
            premises.Outside.Fail(path, fault);
            await premises.PassAsync(UndoDelay);
            await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Sent), most: 120);
            premises.AssertSentOnce(approval);
        }
    }

    [Fact]
    public async Task A_crash_before_any_write_on_the_way_leaves_one_letter_in_sent()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var crashed = true;
        for (var write = 1; crashed; write++)
        {
            var approval = await premises.ApprovedAsync($"write {write}", $"Text before write {write}.");
            var (writes, last) = (0, write);
            await premises.CrashAsync();
            await premises.StartAsync(() =>
            {
                if (Interlocked.Increment(ref writes) >= last)
                {
                    throw new IOException("The disk is gone.");
                }
            });
            premises.Clock.Advance(UndoDelay);
            await premises.IdleAsync();
            crashed = writes >= last;
            await premises.RestartAsync();
            await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Sent), most: 120);
            premises.AssertSentOnce(approval);
            Assert.InRange(write, 1, 12);
        }
    }

    [Fact]
    public async Task A_crash_while_the_provider_has_not_answered_leaves_one_letter_in_sent()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        foreach (var acts in (bool[])[true, false])
        {
            var approval = await premises.ApprovedAsync($"{acts}", $"Acts {acts}.");
            var rule = premises.Outside.Fail(Send, new FaultAction(FaultKind.Timeout) { Acts = acts, Seconds = 20 });
            premises.Clock.Advance(UndoDelay);
            await Premises.UntilAsync(() => rule.Fired == 1 && premises.TimesSent(approval) == (acts ? 1 : 0));
            await premises.RestartAsync();
            await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Sent), most: 120);
            premises.AssertSentOnce(approval);
        }
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task What_leaves_is_what_was_approved_whatever_was_done_to_the_draft()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var approval = await DraftedAsync(premises);
        var mailbox = premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!;
        lock (mailbox.Gate)
        {
            var (id, _) = Assert.Single(mailbox.Drafts.All);
            mailbox.Drafts.Update(id, MailFolder.Message("other", "To: mallory@mail.example\r\nSubject: Other\r\n\r\nOther text.\r\n"u8.ToArray()), null);
        }

        await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Sent), most: 120);
        premises.AssertSentOnce(approval);
    }

    [Fact]
    public async Task A_search_that_lags_behind_makes_no_second_draft_and_no_second_letter()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!.SearchDelay = TimeSpan.FromHours(1);
        var approval = await premises.ApprovedAsync();
        premises.Outside.Fail(Create, FaultKind.DropAfter);
        premises.Outside.Fail(Send, FaultKind.DropAfter);
        await premises.PassAsync(UndoDelay);
        await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Sent), most: 120);
        premises.AssertSentOnce(approval);
        Assert.Empty(premises.Outside.Dump().Drafts);
        Assert.Equal(1, premises.Outside.Asked("POST /gmail/v1/users/{userId}/drafts/send"));
    }

    [Fact]
    public async Task A_draft_deleted_at_the_provider_makes_it_unknown_and_is_never_sent()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var approval = await DraftedAsync(premises);
        await premises.Outside.DeleteAsync(Assert.Single(premises.Outside.Dump().Drafts).MessageId);
        await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Unknown), TimeSpan.FromSeconds(10), most: 120);
        await premises.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(0, premises.TimesSent(approval));
        Assert.Single(await premises.LeavesAsync(AuditAct.MailSendUnknown));
    }

    [Fact]
    public async Task A_conversation_deleted_at_the_provider_meanwhile_does_not_stop_an_approved_mail()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var letter = await premises.Outside.DeliverAsync();
        var thread = premises.Outside.Dump().Messages.Single(message => message.Id == letter).ThreadId;
        var proposed = await premises.ProposeAsync(thread: thread);
        (await premises.ApproveAsync(proposed)).Expect();
        await premises.Outside.DeleteAsync(letter);
        await premises.PassAsync(UndoDelay);
        await premises.PassUntilAsync(premises.Is(proposed, ApprovalState.Sent), most: 60);
        premises.AssertSentOnce(proposed);
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task After_a_disconnect_nothing_leaves_even_if_it_was_on_its_way()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var approval = await DraftedAsync(premises);
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Failed), TimeSpan.FromSeconds(10), most: 60);
        Assert.Equal(0, premises.TimesSent(approval));
    }

    [Fact]
    public async Task A_lost_grant_after_an_unclear_answer_ends_as_unknown()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var approval = await premises.ApprovedAsync();
        premises.Outside.Fail(Send, new FaultAction(FaultKind.DropAfter));
        await premises.PassAsync(UndoDelay);
        premises.Outside.World.Grants.RevokeAccount(Outside.Mailbox);
        await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Unknown), TimeSpan.FromSeconds(10), most: 120);
        Assert.Equal(1, premises.TimesSent(approval));
    }

    [Fact]
    public async Task A_pause_the_provider_asks_for_is_kept_although_it_was_just_approved()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2, UndoDelay = TimeSpan.Zero });
        premises.Outside.Fail(Create, FaultKind.Status, "userRateLimitExceeded");
        var approval = await premises.ApprovedAsync();
        await premises.SettleAsync();
        await premises.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, premises.Outside.Asked("POST /gmail/v1/users/{userId}/drafts"));
        await premises.PassUntilAsync(premises.Is(approval, ApprovalState.Sent), most: 60);
        premises.AssertSentOnce(approval);
    }

    /// <summary>Released and drafted; the provider asked for a pause before sending.</summary>
    private static async Task<Approval> DraftedAsync(Premises premises)
    {
        var approval = await premises.ApprovedAsync();
        premises.Outside.Fail(Send, FaultKind.Status, "userRateLimitExceeded");
        await premises.PassAsync(UndoDelay);
        Assert.Equal(ApprovalState.Sending, (await premises.ApprovalAsync(approval.Id)).State);
        return approval;
    }
}
