using PracticPro.Approvals;
using PracticPro.Assistant;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

[Trait("Promise", "SYNC-2")]
public sealed class BodiesNotStoredTests
{
    private const string Body = "canary-body-4f1c9e77";
    private const string Subject = "canary-subject-7d02ab15";

    [Fact]
    public async Task No_file_of_the_program_holds_a_body_or_a_readable_subject()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.Outside.DeliverAsync(subject: Subject, text: Body);
        (await premises.PushAsync()).Expect();
        await premises.SettleAsync();
        var requested = await premises.Get<RequestDrafts>()
            .RunAsync(premises.Owner, premises.Connection, 3, TestContext.Current.CancellationToken);
        requested.Expect();
        await premises.SettleAsync();
        Assert.Contains(await premises.StoredMailAsync(), message => message.Subject == Subject);
        Assert.Contains(await premises.InState(ApprovalState.Waiting), approval => approval.Mail.Subject == $"Re: {Subject}");
        await premises.CrashAsync();
        premises.AssertNowhereInFolder(Body, Subject, "ada@mail.example");
    }
}
