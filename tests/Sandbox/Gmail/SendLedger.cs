using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>One letter that left a mailbox.</summary>
internal sealed record SentLetter(string Mailbox, MessageId Id, Rfc822Id Rfc822Id, string Via, DateTimeOffset At);

/// <summary>
/// Every letter ever sent, in order, from all mailboxes. The witness in the question whether something was sent twice:
/// it is written in the same step as the send and is not undone when the mailbox is changed later.
/// </summary>
internal sealed class SendLedger
{
    private readonly Lock _gate = new();
    private readonly List<SentLetter> _letters = [];

    public void Enter(SentLetter letter)
    {
        lock (_gate)
        {
            _letters.Add(letter);
        }
    }

    public IReadOnlyList<SentLetter> All()
    {
        lock (_gate)
        {
            return [.. _letters];
        }
    }

    public int CountOf(Rfc822Id id) => All().Count(letter => letter.Rfc822Id == id);

    public void Clear()
    {
        lock (_gate)
        {
            _letters.Clear();
        }
    }
}
