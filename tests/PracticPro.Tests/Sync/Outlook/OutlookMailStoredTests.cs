using System.Text;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Outlook;

/// <summary>What Outlook's folders tell, stored by the engine's own steps.</summary>
public sealed class OutlookMailStoredTests
{
    private const int Letters = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task Letters_of_many_people_that_are_filed_among_the_sent_ones_at_once_are_stored_whole()
    {
        await using var stage = await OutlookStage.OpenAsync();
        Act(stage, mailbox =>
        {
            for (var at = 0; at < Letters; at++)
            {
                var raw = Encoding.UTF8.GetBytes($"From: person-{at}@mail.example\r\nMessage-ID: <m{at}@x>\r\nSubject: {at}\r\n\r\nx");
                mailbox.Add(MailFolder.Message("test", raw), mailbox[OutlookMailbox.Inbox], stage.Sandbox.Clock.GetUtcNow(), isRead: false);
            }
        });
        await SettleAsync(stage);

        Act(stage, static mailbox =>
        {
            foreach (var message in mailbox[OutlookMailbox.Inbox].Messages.ToList())
            {
                mailbox.Move(message, mailbox[OutlookMailbox.Sent]);
            }
        });
        stage.Sandbox.Clock.Advance(TimeSpan.FromMinutes(6));
        await SettleAsync(stage);

        var stored = await stage.Scope.Tenant.Records.ListAsync(
            SyncKinds.Message, RecordMirror<MailMessage>.ByGeneration, "", ListOrder.Ascending, 500, null, Cancellation);
        Assert.Equal(Letters, stored.Items.Count(item => item.Value.Direction == Direction.Outbound));
        Assert.Equal(Letters, stored.Items.Count(item => item.Value.Stream == stage.StreamOf(OutlookMailbox.Sent)));
    }

    /// <summary>Steps until there is nothing to do but wait.</summary>
    private static async Task SettleAsync(OutlookStage stage)
    {
        var steps = new TakeStreamStep(new SyncOptions(), stage.Sandbox.Clock);
        for (var step = 0; step < 100; step++)
        {
            if (await steps.RunAsync(stage.Scope, stage.Connector, StreamNews.None, watch: null, Cancellation) is { WaitUntil: not null })
            {
                return;
            }
        }

        throw new InvalidOperationException("It does not settle.");
    }

    private static void Act(OutlookStage stage, Action<OutlookMailbox> act)
    {
        lock (stage.There.Gate)
        {
            act(stage.There.Mail);
        }
    }
}
