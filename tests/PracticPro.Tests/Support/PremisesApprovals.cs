using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Support;

/// <summary>What tests ask of a practice's approvals, and of the provider's Sent folder.</summary>
internal static class PremisesApprovals
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<IReadOnlyList<Approval>> InState(this Premises premises, ApprovalState state) =>
        (await premises.Get<ReadApprovals>().ListAsync(premises.Tenant, state, 100, null, Cancellation)).Items;

    public static async Task<Approval> ApprovalAsync(this Premises premises, ApprovalId id) =>
        (await premises.Get<ReadApprovals>().FindAsync(premises.Tenant, id, Cancellation)).Expect();

    /// <summary>A mail put before the practice's people.</summary>
    public static async Task<Approval> ProposeAsync(
        this Premises premises, string basis = "a", string to = "ada@mail.example", string text = "We will call you tomorrow.",
        string? thread = null)
    {
        var proposal = new ProposeMail.Proposal(
            new Actor.Job("assistant"), premises.Connection, thread, [new MailParty(EmailAddress.Parse(to), "Ada Okafor")],
            "Re: A question", text, InReplyTo: "", References: "", basis, "They wait for an answer.");
        var id = (await premises.Get<ProposeMail>().RunAsync(premises.Tenant, proposal, Cancellation)).Expect();
        await premises.SettleAsync();
        return await premises.ApprovalAsync(id);
    }

    public static Task<Outcome<Approval>> ApproveAsync(this Premises premises, Approval approval, bool confirmed = true) =>
        premises.Get<DecideApproval>().ApproveAsync(
            premises.Owner, approval.Id, approval.Digest.Hex, confirmed, Cancellation);

    /// <summary>Proposed and approved; held for the undo delay.</summary>
    public static async Task<Approval> ApprovedAsync(this Premises premises, string basis = "a", string text = "We will call you tomorrow.")
    {
        var proposed = await premises.ProposeAsync(basis, text: text);
        var approved = (await premises.ApproveAsync(proposed)).Expect();
        await premises.SettleAsync();
        return approved;
    }

    public static Func<Task<bool>> Is(this Premises premises, Approval approval, ApprovalState state) =>
        async () => (await premises.ApprovalAsync(approval.Id)).State == state;

    public static int TimesSent(this Premises premises, Approval approval) =>
        premises.Outside.World.Sends.All().Count(letter => approval.Mail.MessageId == $"<{letter.Rfc822Id.Value}>");

    /// <summary>Exactly one letter in Sent carries its Message-ID, and its bytes are those approved.</summary>
    public static void AssertSentOnce(this Premises premises, Approval approval)
    {
        Assert.Equal(1, premises.TimesSent(approval));
        var mailbox = premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!;
        lock (mailbox.Gate)
        {
            var sent = Assert.Single(
                mailbox.NewestToOldest, message => approval.Mail.MessageId == $"<{message.Envelope.MessageId?.Value}>");
            Assert.True(sent.Has(Labels.Sent));

            // The provider writes a line of its own in front and leaves the rest as it came.
            Assert.True(sent.Raw.AsSpan().EndsWith(approval.Bytes));
        }
    }
}
