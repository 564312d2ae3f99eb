using Moq;
using PracticPro.Approvals;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Approvals;

/// <summary>Even code that goes wrong cannot hand over what was not released: the permit is the last wall.</summary>
[Trait("Promise", "APR-1")]
public sealed class NotReleasedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Waiting")]
    [InlineData("Rejected")]
    [InlineData("Sending")]
    public async Task What_nobody_approved_reaches_no_mailbox_in_whatever_state_it_is_forced(string state)
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 2 });
        var proposed = await premises.ProposeAsync();
        var scope = await premises.ScopeAsync();
        var stored = await scope.FindAsync(ApprovalKinds.Approval, proposed.Id.Text, Cancellation);
        var forced = new Stored<Approval>(
            stored!.Value with
            {
                State = Enum.Parse<ApprovalState>(state),
                Progress = new SendProgress(premises.Clock.GetUtcNow(), DraftId: "r-1"),
            },
            stored.Version);
        var mailbox = new Mock<IMailSender>(MockBehavior.Strict);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => new SendMail(mailbox.Object, new SendApproved(premises.Clock)).SendAsync(scope, forced, Cancellation));

        mailbox.VerifyNoOtherCalls();
        Assert.Empty(premises.Outside.World.Sends.All());
    }
}
