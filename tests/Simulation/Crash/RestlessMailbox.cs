using PracticPro.Sandbox.Control;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Simulation.Crash;

/// <summary>The world that does not wait: mail arrives, is deleted, read, starred, thrown away, while all else goes on.</summary>
internal sealed class RestlessMailbox(Mailbox mailbox, Random random)
{
    public void Fill(int messages)
    {
        lock (mailbox.Gate)
        {
            var now = mailbox.Clock.GetUtcNow();
            MailboxSeeding.Fill(mailbox, GeneratedMail.Make(mailbox.Address, messages, mailbox.Made.For("generated"), now));
        }
    }

    public async Task ChangeAsync(int changes, CancellationToken cancellation)
    {
        for (var change = 0; change < changes; change++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 150)), TimeProvider.System, cancellation);
            ChangeNow();
        }
    }

    public void ChangeNow()
    {
        lock (mailbox.Gate)
        {
            ChangeOne();
        }
    }

    private void ChangeOne()
    {
        // What the program itself wrote is left alone: a draft or a sent mail that somebody deletes is another story.
        var others = mailbox.NewestToOldest
            .Where(message => !message.LabelIds.Contains("DRAFT") && !message.LabelIds.Contains("SENT"))
            .ToArray();
        var one = others.Length == 0 ? null : others[random.Next(others.Length)];
        switch (random.Next(6))
        {
            case 0 when one is not null:
                mailbox.Delete(one);
                break;
            case 1 when one is not null:
                mailbox.AddLabels(one, ["STARRED"]);
                break;
            case 2 when one is not null:
                mailbox.RemoveLabels(one, ["UNREAD", "INBOX"]);
                break;
            case 3 when one is not null:
                mailbox.AddLabels(one, ["TRASH"]);
                mailbox.RemoveLabels(one, ["INBOX"]);
                break;
            default:
                var mail = GeneratedMail.One(mailbox.Address, mailbox.Made, mailbox.Clock.GetUtcNow(), "arrived");
                Delivery.Deliver(mailbox, mail, ["INBOX", "UNREAD"]);
                break;
        }
    }
}
