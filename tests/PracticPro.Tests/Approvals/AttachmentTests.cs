using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sandbox.Mail;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Approvals;

[Trait("Promise", "APR-1")]
public sealed class AttachmentTests
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, AttachmentPiece.Size + 12_345).Select(at => (byte)(at * 31L % 251))];

    private static readonly NewAttachment[] Two =
    [
        new("Rechnung.pdf", "application/pdf", "%PDF-1.7 a bill"u8.ToArray()),
        new("Über uns – 日本語, eine Datei mit einem recht langen Namen.pdf", "application/pdf", Large),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-3")]
    public async Task A_mail_leaves_once_with_exactly_what_was_attached()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var proposed = await ProposeAsync(premises, Two);
        Assert.Contains(proposed.Gates.SelectMany(gate => gate.Reasons), reason => reason.Code == "attachment-unread");
        Assert.IsType<ApprovalFailures.NotConfirmed>((await premises.ApproveAsync(proposed, confirmed: false)).Failure);
        (await premises.ApproveAsync(proposed)).Expect();
        await premises.PassAsync(TimeSpan.FromSeconds(31));
        await premises.PassUntilAsync(premises.Is(proposed, ApprovalState.Sent), most: 120);
        Assert.Equal(1, premises.TimesSent(proposed));
        var mailbox = premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!;
        lock (mailbox.Gate)
        {
            var sent = Assert.Single(
                mailbox.NewestToOldest, message => proposed.Mail.MessageId == $"<{message.Envelope.MessageId?.Value}>");
            var parts = MimeReader.Read(sent.Raw).Parts;
            Assert.Equal(proposed.Mail.Text, parts[0].DecodedText().ReplaceLineEndings("\n").TrimEnd());
            Assert.Equal(Two.Select(one => one.Name), parts.Skip(1).Select(part => part.FileName));
            Assert.Equal(Two.Select(one => one.Bytes.ToArray()), parts.Skip(1).Select(part => part.DecodedBytes()));
        }
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public async Task The_digest_names_every_attachment_by_its_hash()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var proposed = await ProposeAsync(premises, Two);
        Assert.Equal(
            Two.Select(one => Convert.ToHexStringLower(SHA256.HashData(one.Bytes.Span))),
            proposed.Mail.Attachments.Select(one => one.Sha256));
        Assert.Null(proposed.Bytes);
        var mime = MimeWriter.Write(proposed.Mail, [.. Two.Select(one => one.Bytes.ToArray())]);
        Assert.Equal(SHA256.HashData(mime), proposed.OutgoingSha256);
        Assert.Equal(mime, MimeWriter.Write(proposed.Mail, [.. Two.Select(one => one.Bytes.ToArray())]));
        var other = await ProposeAsync(premises, [Two[0], Two[1] with { Bytes = Large.AsMemory(1) }], "b");
        Assert.NotEqual(proposed.Digest, other.Digest);
    }

    [Fact]
    public async Task What_was_changed_or_lost_in_the_store_does_not_leave()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        foreach (var lost in (bool[])[true, false])
        {
            var proposed = await ProposeAsync(premises, Two, $"{lost}", $"Text {lost}.");
            (await premises.ApproveAsync(proposed)).Expect();
            var scope = await premises.ScopeAsync();
            var attachment = proposed.Mail.Attachments[1];
            var id = AttachmentPiece.IdOf(proposed.Id, attachment.Sha256, 1);
            var operation = lost
                ? scope.Delete(ApprovalKinds.Attachment, id, Condition.Any)
                : scope.Put(ApprovalKinds.Attachment, new AttachmentPiece(proposed.Id, attachment.Sha256, 1, new byte[12_345]), Condition.Any);
            await scope.CommitAsync([operation], Cancellation);
            await premises.PassAsync(TimeSpan.FromSeconds(31));
            await premises.PassUntilAsync(premises.Is(proposed, ApprovalState.Failed), most: 60);
            Assert.Equal("attachment-missing", (await premises.ApprovalAsync(proposed.Id)).Progress!.FailureCode);
            Assert.Equal(0, premises.TimesSent(proposed));
        }
    }

    [Theory]
    [InlineData(ApprovalState.Sent)]
    [InlineData(ApprovalState.Rejected)]
    [InlineData(ApprovalState.Expired)]
    public async Task What_was_attached_goes_when_the_approval_has_ended_and_not_before(object end)
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var proposed = await ProposeAsync(premises, Two);
        Assert.Equal(3, await PiecesAsync(premises, proposed));
        switch ((ApprovalState)end)
        {
            case ApprovalState.Sent:
                (await premises.ApproveAsync(proposed)).Expect();
                await premises.PassAsync(TimeSpan.FromSeconds(31));
                break;
            case ApprovalState.Rejected:
                (await premises.Get<DecideApproval>().RejectAsync(
                    premises.Owner, proposed.Id, proposed.Digest.Hex, null, Cancellation)).Expect();
                break;
            default:
                premises.Clock.Advance(Approval.Lifetime);
                break;
        }

        await premises.PassUntilAsync(premises.Is(proposed, (ApprovalState)end), most: 120);
        await premises.SettleAsync();
        Assert.Equal(0, await PiecesAsync(premises, proposed));
        await AttachmentShelf.ClearAsync(await premises.ScopeAsync(), proposed.Id, proposed.Mail, Cancellation);
        Assert.Equal((ApprovalState)end, (await premises.ApprovalAsync(proposed.Id)).State);
    }

    [Fact]
    public async Task What_a_crash_left_of_an_attachment_goes_with_the_next_clearing()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var proposed = await ProposeAsync(premises, Two);
        var other = await ProposeAsync(premises, Two, "b", "Another text.");
        var scope = await premises.ScopeAsync();
        var gone = AttachmentPiece.IdOf(proposed.Id, proposed.Mail.Attachments[0].Sha256, 0);
        await scope.CommitAsync([scope.Delete(ApprovalKinds.Attachment, gone, Condition.Any)], Cancellation);
        await AttachmentShelf.ClearAsync(scope, proposed.Id, proposed.Mail, Cancellation);
        Assert.Equal(0, await PiecesAsync(premises, proposed));
        Assert.Equal(3, await PiecesAsync(premises, other));
    }

    [Theory]
    [InlineData("bill.pdf", "application/pdf", null)]
    [InlineData("Über uns.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", null)]
    [InlineData("photo.jpeg", "image/jpeg", null)]
    [InlineData("../bill.pdf", "application/pdf", "attachment-name")]
    [InlineData("C:\\bill.pdf", "application/pdf", "attachment-name")]
    [InlineData("bill", "application/pdf", "attachment-name")]
    [InlineData(".pdf", "application/pdf", "attachment-name")]
    [InlineData("bill.pdf.", "application/pdf", "attachment-name")]
    [InlineData(" bill.pdf", "application/pdf", "attachment-name")]
    [InlineData("b\u0456ll.pdf", "application/pdf", "attachment-name")]
    [InlineData("bill\u202Efdp.pdf", "application/pdf", "attachment-name")]
    [InlineData("bill.exe", "application/pdf", "attachment-type")]
    [InlineData("bill.pdf.exe", "application/pdf", "attachment-type")]
    [InlineData("bill.EXE.pdf", "application/pdf", "attachment-type")]
    [InlineData("bill.html", "text/html", "attachment-type")]
    [InlineData("bill.pdf", "text/html", "attachment-type")]
    [InlineData("bill.pdf", "no type", "attachment-type")]
    [InlineData("bill.pdf", "message/rfc822", "attachment-type")]
    [Trait("Promise", "APR-2")]
    public void Names_and_kinds_are_held_to_what_they_seem(string name, string type, string? code)
    {
        var reasons = Reasons([new(name, type, 10, new string('a', 64))]);
        Assert.Contains(("attachment-unread", Verdict.Confirm), reasons);
        if (code is null)
        {
            Assert.DoesNotContain(reasons, reason => reason.Verdict == Verdict.Refuse);
        }
        else
        {
            Assert.Contains((code, Verdict.Refuse), reasons);
        }
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public void Sizes_and_numbers_are_held()
    {
        var one = new OutgoingAttachment("a.pdf", "application/pdf", AttachmentRules.LargestOne, new string('a', 64));
        Assert.DoesNotContain(("attachment-size", Verdict.Refuse), Reasons([one]));
        Assert.Contains(("attachment-size", Verdict.Refuse), Reasons([one with { Size = AttachmentRules.LargestOne + 1 }]));
        Assert.Contains(("attachment-size", Verdict.Refuse), Reasons([one with { Size = 0 }]));
        Assert.Contains(
            ("attachment-size", Verdict.Refuse), Reasons([.. Enumerable.Range(0, 4).Select(at => one with { Name = $"{at}.pdf" })]));
        Assert.Contains(("attachments-many", Verdict.Refuse), Reasons([one with { Size = 1 }, one with { Size = 1, Name = "A.PDF" }]));
    }

    [Fact]
    public async Task What_is_too_much_is_not_even_kept()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 1 });
        var large = new NewAttachment("a.pdf", "application/pdf", new byte[AttachmentRules.LargestOne + 1]);
        var outcome = await premises.Get<ProposeMail>().RunAsync(premises.Tenant, Proposal(premises, [large], "a", "Text."), Cancellation);
        Assert.IsType<ApprovalFailures.BadAttachment>(outcome.Failure);
    }

    [Fact]
    public void No_line_of_a_mail_with_attachments_is_longer_than_a_reader_has_to_take()
    {
        var mail = AnyGateFacts.Mail with
        {
            Attachments = [.. Two.Select(one => new OutgoingAttachment(one.Name, one.MediaType, one.Bytes.Length, "x"))],
        };
        var lines = Encoding.ASCII.GetString(MimeWriter.Write(mail, [.. Two.Select(one => one.Bytes.ToArray())])).Split("\r\n");
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 78));
    }

    private static ImmutableArray<(string Code, Verdict Verdict)> Reasons(ImmutableArray<OutgoingAttachment> attachments) =>
        AnyGateFacts.Reasons(AnyGateFacts.Approved with { Action = AnyGateFacts.Mail with { Attachments = attachments } });

    private static async Task<int> PiecesAsync(Premises premises, Approval approval)
    {
        var scope = await premises.ScopeAsync();
        var there = 0;
        foreach (var attachment in approval.Mail.Attachments)
        {
            for (var at = 0; at * AttachmentPiece.Size < attachment.Size; at++)
            {
                var id = AttachmentPiece.IdOf(approval.Id, attachment.Sha256, at);
                there += await scope.FindAsync(ApprovalKinds.Attachment, id, Cancellation) is null ? 0 : 1;
            }
        }

        return there;
    }

    private static async Task<Approval> ProposeAsync(
        Premises premises, NewAttachment[] attachments, string basis = "a", string text = "Here it is.")
    {
        var outcome = await premises.Get<ProposeMail>().RunAsync(premises.Tenant, Proposal(premises, attachments, basis, text), Cancellation);
        await premises.SettleAsync();
        return await premises.ApprovalAsync(outcome.Expect());
    }

    private static ProposeMail.Proposal Proposal(Premises premises, NewAttachment[] attachments, string basis, string text) => new(
        new Actor.Job("assistant"), premises.Connection, null, [new MailParty(EmailAddress.Parse("ada@mail.example"), "Ada Okafor")],
        "Your bill", text, "", "", basis, "They asked for it.")
    {
        Attachments = [.. attachments],
    };
}
