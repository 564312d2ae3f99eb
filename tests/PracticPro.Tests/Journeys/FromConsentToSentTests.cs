using PracticPro.Approvals;
using PracticPro.Assistant;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Journeys;

/// <summary>One practice's first day: connect, read, draft, decide, send, and prove it afterwards.</summary>
public sealed class FromConsentToSentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-1")]
    [Trait("Promise", "APR-3")]
    [Trait("Promise", "AUD-2")]
    public async Task A_practice_connects_drafts_decides_and_sends_exactly_what_was_approved()
    {
        await using var premises = await Premises.ConnectedAsync(new PremisesOptions { Letters = 8 });
        await premises.Get<RequestDrafts>().RunAsync(premises.Owner, premises.Connection, 3, Cancellation);
        await premises.SettleAsync();
        var waiting = await premises.InState(ApprovalState.Waiting);
        Assert.Equal(3, waiting.Count);
        Assert.Equal(0, premises.Outside.Asked("POST /gmail/v1/users/{userId}/drafts"));

        var decide = premises.Get<DecideApproval>();
        var (plain, edited, rejected) = (waiting[0], waiting[1], waiting[2]);
        (await decide.ApproveAsync(premises.Owner, plain.Id, plain.Digest.Hex, true, Cancellation)).Expect();
        (await decide.ApproveAsync(premises.Owner, edited.Id, edited.Digest.Hex, true, Cancellation)).Expect();
        var revised = await EditAsync(premises, edited);
        Assert.Equal(ApprovalState.Waiting, revised.State);
        Assert.Equal("edited", revised.VoidedBecause);
        (await decide.RejectAsync(premises.Owner, rejected.Id, rejected.Digest.Hex, "Not now.", Cancellation)).Expect();
        await premises.PassAsync(TimeSpan.FromSeconds(31));
        Assert.Equal([plain.Id], (await premises.InState(ApprovalState.Sent)).Select(one => one.Id));

        (await decide.ApproveAsync(premises.Owner, revised.Id, revised.Digest.Hex, true, Cancellation)).Expect();
        await premises.PassAsync(TimeSpan.FromSeconds(31));
        premises.AssertSentOnce(plain);
        premises.AssertSentOnce(revised);
        Assert.Equal(2, premises.Outside.World.Sends.All().Count);
        await AssertLogIsWholeAsync(premises);
    }

    private static async Task<Approval> EditAsync(Premises premises, Approval approval)
    {
        var edit = new EditApproval.Edit(
            approval.Digest.Hex, [.. approval.Mail.To.Select(party => party.Address.Text)], approval.Mail.Subject, "We will call you tomorrow.");
        return (await premises.Get<EditApproval>().RunAsync(premises.Owner, approval.Id, edit, Cancellation)).Expect();
    }

    private static async Task AssertLogIsWholeAsync(Premises premises)
    {
        var folder = Path.Combine(premises.Folder, "exported");
        var export = await premises.Get<AuditTrails>().OpenExportAsync(premises.Tenant, Cancellation);
        (await export.ExecuteAsync(folder, premises.Owner.Actor, AuditDisclosure.WithValues, Cancellation)).Expect();
        Assert.True(CheckpointKey.TryParse(await File.ReadAllTextAsync(Path.Combine(folder, AuditFiles.Key), Cancellation), out var key));
        var verdict = AuditFolderVerifier.Verify(
            AuditFolderVerifier.OfFolder(folder), new AuditExpectations(key.KeyId, null), Cancellation);
        Assert.True(verdict.IsWhole, string.Join(' ', verdict.Defects.Select(defect => defect.Sentence)));
        var text = await File.ReadAllTextAsync(Path.Combine(folder, AuditFiles.Leaves), Cancellation);
        string[] acts =
        [
            "practice-created", "person-signed-in", "connection-started", "connection-made", "mail-synced", "draft-made",
            "approval-proposed", "approval-approved", "approval-edited", "approval-rejected", "mail-send-released",
            "mail-send-attempted", "mail-sent",
        ];
        Assert.All(acts, act => Assert.Contains($"\"{act}\"", text, StringComparison.Ordinal));
        Assert.DoesNotContain("@mail.example", text, StringComparison.Ordinal);
    }
}
