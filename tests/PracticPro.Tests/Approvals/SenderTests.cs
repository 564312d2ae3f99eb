using System.Text;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sandbox.Gmail;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

/// <summary>From which address a mail leaves: the mailbox's own, or one that its provider has seen verified.</summary>
[Trait("Promise", "APR-2")]
public sealed class SenderTests
{
    private const string Desk = "desk@clinic.example";
    private const string Pending = "new@clinic.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_leaves_from_the_verified_address_that_was_chosen_and_approved()
    {
        await using var premises = await OpenAsync();
        var proposed = await premises.ProposeAsync();
        Assert.Equal(Outside.Mailbox, proposed.Mail.From.Address.Text);
        Assert.Equal([Outside.Mailbox, Desk], await SendersAsync(premises, proposed));

        var chosen = (await EditAsync(premises, proposed, Desk)).Expect();
        Assert.Equal(Desk, chosen.Mail.From.Address.Text);
        Assert.Contains($"From: {Desk}\r\n", Encoding.ASCII.GetString(chosen.Bytes!), StringComparison.Ordinal);
        Assert.NotEqual(proposed.OutgoingSha256, chosen.OutgoingSha256);
        Assert.IsType<ApprovalFailures.NotWhatWasShown>((await premises.ApproveAsync(proposed)).Failure);

        (await premises.ApproveAsync(chosen)).Expect();
        await premises.PassUntilAsync(premises.Is(chosen, ApprovalState.Sent));
        premises.AssertSentOnce(chosen);
    }

    [Fact]
    public async Task A_digest_is_of_one_sender_only()
    {
        await using var premises = await OpenAsync();
        var proposed = await premises.ProposeAsync();
        var other = proposed.Mail with { From = new MailParty(EmailAddress.Parse(Desk), "") };
        var digest = ActionDigest.Of(
            other, System.Security.Cryptography.SHA256.HashData(MimeWriter.Write(other)), proposed.Connection, proposed.Gates);
        Assert.NotEqual(proposed.Digest, digest);
    }

    [Theory]
    [InlineData(Pending)]
    [InlineData("anybody@elsewhere.example")]
    public async Task An_address_that_is_not_verified_or_not_known_is_refused(string address)
    {
        await using var premises = await OpenAsync();
        var edited = (await EditAsync(premises, await premises.ProposeAsync(), address)).Expect();
        Assert.Equal("foreign-sender", Assert.Single(edited.Gates.SelectMany(gate => gate.Reasons), one => one.Verdict == Verdict.Refuse).Code);
        Assert.Equal("policy", Assert.IsType<ApprovalFailures.GateRefuses>((await premises.ApproveAsync(edited)).Failure).Gate);

        var mended = (await EditAsync(premises, edited, Outside.Mailbox)).Expect();
        (await premises.ApproveAsync(mended)).Expect();
    }

    [Fact]
    public async Task An_address_that_is_none_is_not_taken()
    {
        await using var premises = await OpenAsync();
        var proposed = await premises.ProposeAsync();
        Assert.IsType<ApprovalFailures.BadSender>((await EditAsync(premises, proposed, "the desk")).Failure);
        Assert.Equal(proposed.Mail.From, (await EditAsync(premises, proposed, "")).Expect().Mail.From);
    }

    [Fact]
    public async Task An_address_that_is_taken_away_while_the_mail_is_held_stops_it()
    {
        await using var premises = await OpenAsync(new() { Letters = 1, UndoDelay = TimeSpan.FromMinutes(10) });
        var chosen = (await EditAsync(premises, await premises.ProposeAsync(), Desk)).Expect();
        (await premises.ApproveAsync(chosen)).Expect();

        Verify(premises, Desk, verified: false);
        await premises.PassUntilAsync(premises.Is(chosen, ApprovalState.Waiting), TimeSpan.FromMinutes(1), most: 15);

        Assert.Contains(
            (await premises.ApprovalAsync(chosen.Id)).Gates.SelectMany(gate => gate.Reasons), one => one.Code == "foreign-sender");
        Assert.Equal(0, premises.TimesSent(chosen));
    }

    private static async Task<Premises> OpenAsync(PremisesOptions? options = null)
    {
        var premises = await Premises.OpenAsync(options ?? new() { Letters = 1 });
        Verify(premises, Desk, verified: true);
        Verify(premises, Pending, verified: false);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        return premises;
    }

    private static void Verify(Premises premises, string address, bool verified)
    {
        var mailbox = premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!;
        lock (mailbox.Gate)
        {
            mailbox.Aliases[address] = new SendAsAlias(address, "", verified);
        }
    }

    private static async Task<IEnumerable<string>> SendersAsync(Premises premises, Approval approval) =>
        (await premises.Get<ListSenders>().RunAsync(premises.Tenant, approval, Cancellation)).Select(address => address.Text);

    private static Task<Outcome<Approval>> EditAsync(Premises premises, Approval approval, string from) =>
        premises.Get<EditApproval>().RunAsync(
            premises.Owner,
            approval.Id,
            new EditApproval.Edit(approval.Digest.Hex, ["ada@mail.example"], approval.Mail.Subject, approval.Mail.Text) { From = from },
            Cancellation);
}
