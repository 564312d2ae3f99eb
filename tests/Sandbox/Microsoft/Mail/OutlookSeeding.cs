using System.Text;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// Fills an account with a corpus as if it had grown over time: the same dates the other mailbox gets, folders as a
/// practice keeps them, and in every third conversation an answer by the owner.
/// </summary>
internal static class OutlookSeeding
{
    private const int AnsweredEvery = 3;

    public static void Fill(OutlookAccount account, IReadOnlyList<CorpusMessage> mails)
    {
        OutlookMailbox mailbox = account.Mail;
        OutlookFolder clients = mailbox.AddFolder("Clients", mailbox.Root);
        OutlookFolder invoices = mailbox.AddFolder("Invoices", clients.Key);
        Seeded chance = account.Made.For("seeding");
        DateTimeOffset now = account.Clock.GetUtcNow();
        var latest = new Dictionary<string, (CorpusMessage Mail, DateTimeOffset At)>(StringComparer.Ordinal);
        foreach ((CorpusMessage mail, long at) in MailboxSeeding.Dated(mails, now - MailboxSeeding.Newest))
        {
            var receivedAt = DateTimeOffset.FromUnixTimeMilliseconds(at);
            double age = (now - receivedAt).TotalDays;
            OutlookFolder folder = mail.LooksLikeSpam && chance.Chance(50) ? mailbox[OutlookMailbox.Junk]
                : !chance.Chance(age > 60 ? 60 : 20) ? mailbox[OutlookMailbox.Inbox]
                : chance.Below(6) switch
                {
                    0 => clients,
                    1 => invoices,
                    2 => mailbox[OutlookMailbox.Deleted],
                    _ => mailbox[OutlookMailbox.Archive],
                };
            OutlookMessage filed = mailbox.Add(mail, folder, receivedAt, isRead: !chance.Chance(age < 7 ? 60 : 15));
            if (chance.Chance(3))
            {
                mailbox.Change(filed, message => message.Flag = "flagged", "flag");
            }

            if (!mail.LooksLikeSpam && MailAddress.ParseList(mail.Envelope.From) is [{ Address.Length: > 0 }, ..])
            {
                latest[filed.Conversation] = (mail, receivedAt);
            }
        }

        int number = 0;
        foreach ((CorpusMessage mail, DateTimeOffset at) in latest.Values.OrderBy(last => last.At).ToArray())
        {
            if (++number % AnsweredEvery == 0)
            {
                DateTimeOffset answeredAt = at.AddMinutes(60 + chance.Below(4_260));
                answeredAt = answeredAt < now ? answeredAt : now.AddMinutes(-1);
                CorpusMessage answer = Answer(account, mail, answeredAt, chance);
                mailbox.Add(answer, mailbox[OutlookMailbox.Sent], answeredAt, isRead: true);
            }
        }
    }

    private static CorpusMessage Answer(OutlookAccount account, CorpusMessage mail, DateTimeOffset at, Seeded chance)
    {
        string to = MailAddress.ParseList(mail.Envelope.From)[0].Address;
        string subject = mail.Envelope.IsReply ? mail.Envelope.Subject : "Re: " + mail.Envelope.Subject;
        var letter = new Letter(account.Address, to, subject, ReplyTexts.Pick(chance))
        {
            MessageId = $"{chance.Token(18)}@{account.Address.Split('@')[^1]}",
            Date = at,
            InReplyTo = mail.Envelope.MessageId?.Value,
        };
        return MailFolder.Message("answer", Encoding.UTF8.GetBytes(letter.Write()));
    }
}
