using System.Text;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Fills a mailbox with a corpus as if it had grown over time: dates moved to end a few minutes ago and squeezed into
/// two years, labels as a lived-in mailbox has them, and in every third thread an answer by the owner. The bytes of
/// the mail are not touched: the Date field in them still says what it said.
/// </summary>
internal sealed class MailboxSeeding
{
    /// <summary>How long ago the newest mail came.</summary>
    public static readonly TimeSpan Newest = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(730);
    private const int AnsweredEvery = 3;

    private readonly Mailbox _mailbox;
    private readonly Seeded _chance;
    private readonly DateTimeOffset _newestAt;

    private MailboxSeeding(Mailbox mailbox)
    {
        _mailbox = mailbox;
        _chance = mailbox.Made.For("seeding");
        _newestAt = mailbox.Clock.GetUtcNow() - Newest;
    }

    public static void Fill(Mailbox mailbox, IReadOnlyList<CorpusMessage> mails)
    {
        var seeding = new MailboxSeeding(mailbox);
        foreach ((CorpusMessage mail, long at) in Dated(mails, seeding._newestAt))
        {
            ThreadId? thread = mailbox.Threading.ForArrival(mail.Envelope, at);
            mailbox.Fill(mail, thread, at, seeding.LabelsFor(mail, at));
        }

        seeding.Answer();
    }

    /// <summary>
    /// The mails in order of time, each with its new date. A date far off from the rest (spam claims 1997 or 2031) is
    /// pulled to the edge of the middle 98 in a hundred, or else two wrong dates would stretch the whole mailbox.
    /// </summary>
    public static (CorpusMessage Mail, long At)[] Dated(IReadOnlyList<CorpusMessage> mails, DateTimeOffset newestAt)
    {
        if (mails.Count == 0)
        {
            return [];
        }

        DateTimeOffset[] known = [.. mails.Select(mail => mail.Envelope.SentAt).OfType<DateTimeOffset>().Order()];
        DateTimeOffset first = known.Length == 0 ? newestAt : known[known.Length / 100];
        DateTimeOffset last = known.Length == 0 ? newestAt : known[^((known.Length / 100) + 1)];
        double span = Math.Max(1, (last - first).TotalMilliseconds);
        double squeeze = Math.Min(1, LongestSpan.TotalMilliseconds / span);
        // Undated mail stands where its neighbour in the folder stands.
        DateTimeOffset previous = first;
        return mails
            .Select(mail =>
            {
                DateTimeOffset at = mail.Envelope.SentAt ?? previous;
                at = at < first ? first : at > last ? last : at;
                previous = at;
                return (mail, (newestAt - ((last - at) * squeeze)).ToUnixTimeMilliseconds());
            })
            .OrderBy(pair => pair.Item2)
            .ToArray();
    }

    private List<string> LabelsFor(CorpusMessage mail, long at)
    {
        // Half of what lay in a spam folder was caught, the other half got through.
        if (mail.LooksLikeSpam && _chance.Chance(50))
        {
            return [Labels.Spam, Labels.Unread];
        }

        List<string> labels = [Category(mail)];
        double age = (_newestAt - DateTimeOffset.FromUnixTimeMilliseconds(at)).TotalDays;
        if (!_chance.Chance(age > 60 ? 40 : 10))
        {
            labels.Add(Labels.Inbox);
        }

        AddWhen(labels, Labels.Unread, age < 7 ? 60 : 15);
        AddWhen(labels, Labels.Important, 15);
        AddWhen(labels, Labels.Starred, 3);
        return labels;
    }

    private void AddWhen(List<string> labels, string label, int percent)
    {
        if (_chance.Chance(percent))
        {
            labels.Add(label);
        }
    }

    private string Category(CorpusMessage mail) => mail switch
    {
        { LooksLikeSpam: true } => "CATEGORY_PROMOTIONS",
        { Envelope.IsBulk: true } => _chance.Chance(70) ? "CATEGORY_FORUMS" : "CATEGORY_UPDATES",
        _ => "CATEGORY_PERSONAL",
    };

    /// <summary>The owner answers the last message of every third thread, an hour to three days later.</summary>
    private void Answer()
    {
        StoredMessage[] lastOfThreads = [.. _mailbox.Threads.Values
            .Select(members => members.MaxBy(member => member.InternalDate)!)
            .Where(last => !last.IsHidden && MailAddress.ParseList(last.Envelope.From) is [{ Address.Length: > 0 }, ..])
            .OrderBy(last => last.InternalDate).ThenBy(last => last.Id.Value)];
        for (int at = AnsweredEvery - 1; at < lastOfThreads.Length; at += AnsweredEvery)
        {
            StoredMessage last = lastOfThreads[at];
            TimeSpan later = TimeSpan.FromMinutes(60 + _chance.Below(4_260));
            long latest = _newestAt.AddMinutes(2).ToUnixTimeMilliseconds();
            long answeredAt = Math.Min(last.InternalDate + (long)later.TotalMilliseconds, latest);
            answeredAt = Math.Max(answeredAt, last.InternalDate + 1);
            _mailbox.Fill(Reply(last, answeredAt), last.Thread, answeredAt, [Labels.Sent]);
        }
    }

    private CorpusMessage Reply(StoredMessage last, long at)
    {
        MailAddress to = MailAddress.ParseList(last.Envelope.From)[0];
        string subject = last.Envelope.IsReply ? last.Envelope.Subject : "Re: " + last.Envelope.Subject;
        var letter = new Letter(_mailbox.Address, to.Address, subject, ReplyTexts.Pick(_chance))
        {
            MessageId = $"{_chance.Token(18)}@{_mailbox.Address.Split('@')[^1]}",
            Date = DateTimeOffset.FromUnixTimeMilliseconds(at),
            InReplyTo = last.Envelope.MessageId?.Value,
        };
        return MailFolder.Message("answer", Encoding.UTF8.GetBytes(letter.Write()));
    }
}
