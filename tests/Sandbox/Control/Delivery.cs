using System.Buffers.Text;
using System.Text;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Control;

/// <summary>
/// What arrives. Raw is a whole message in base64 or base64url; without it a letter is written from the other fields,
/// and what is missing of those is made up. Labels: INBOX and UNREAD unless given.
/// </summary>
internal sealed record DeliverWish(
    string? Raw, string? From, string? Subject, string? Text, string? InReplyTo, string[]? LabelIds, int? Count);

/// <summary>
/// Puts mail into a mailbox as the outside world does: now, with a history record, and with a push if watched.
/// </summary>
internal static class Delivery
{
    public static object Run(Mailbox mailbox, DeliverWish wish)
    {
        var delivered = new List<object>();
        for (int at = 0; at < (wish.Count ?? 1); at++)
        {
            string[] labels = wish.LabelIds ?? [Labels.Inbox, Labels.Unread];
            StoredMessage message = Deliver(mailbox, MailOf(mailbox, wish), labels);
            delivered.Add(new
            {
                id = message.Id.ToString(),
                threadId = message.Thread.ToString(),
                rfc822MessageId = message.Envelope.MessageId?.Value,
                historyId = message.History.ToString(),
            });
        }

        return new { messages = delivered };
    }

    public static StoredMessage Deliver(Mailbox mailbox, CorpusMessage mail, IEnumerable<string> labels)
    {
        long now = mailbox.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return mailbox.Add(mail, mailbox.Threading.ForArrival(mail.Envelope, now), labels);
    }

    private static CorpusMessage MailOf(Mailbox mailbox, DeliverWish wish)
    {
        if (wish.Raw is string raw)
        {
            string urlSafe = raw.Replace('+', '-').Replace('/', '_').TrimEnd('=');
            return MailFolder.Message("delivered", Base64Url.DecodeFromChars(urlSafe));
        }

        DateTimeOffset now = mailbox.Clock.GetUtcNow();
        CorpusMessage made = GeneratedMail.One(mailbox.Address, mailbox.Made, now, "delivered");
        if (wish is { From: null, Subject: null, Text: null, InReplyTo: null })
        {
            return made;
        }

        var letter = new Letter(
            wish.From ?? made.Envelope.From, mailbox.Address, wish.Subject ?? made.Envelope.Subject, wish.Text ?? "")
        {
            MessageId = made.Envelope.MessageId!.Value.Value,
            Date = now,
            InReplyTo = wish.InReplyTo?.Trim('<', '>'),
        };
        return MailFolder.Message("delivered", Encoding.UTF8.GetBytes(letter.Write()));
    }
}
