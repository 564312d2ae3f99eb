using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Decides which thread a message belongs to. Mail that arrives joins by References or In-Reply-To when the subject
/// agrees, or by a "Re:" subject alone when the thread is young. Mail the owner sends joins only when its thread id,
/// its references and its subject all agree; otherwise it silently starts a thread of its own.
/// </summary>
internal sealed class Threading(Mailbox mailbox)
{
    /// <summary>How long a bare "Re:" still finds the thread of that subject.</summary>
    private static readonly TimeSpan SubjectWindow = TimeSpan.FromDays(30);

    private readonly Dictionary<Rfc822Id, ThreadId> _byRfc822Id = [];
    private readonly Dictionary<string, StoredMessage> _latestByTopic = new(StringComparer.Ordinal);

    /// <summary>The thread of mail that came in, or null for a new one.</summary>
    public ThreadId? ForArrival(Envelope mail, long internalDate)
    {
        foreach (Rfc822Id reference in mail.References.Reverse())
        {
            if (_byRfc822Id.TryGetValue(reference, out ThreadId thread) && SameTopic(thread, mail))
            {
                return thread;
            }
        }

        return mail.IsReply && mail.Topic.Length > 0
            && _latestByTopic.TryGetValue(mail.Topic, out StoredMessage? latest)
            && mailbox.Threads.ContainsKey(latest.Thread)
            && internalDate - latest.InternalDate <= SubjectWindow.TotalMilliseconds
                ? latest.Thread
                : null;
    }

    /// <summary>The thread of mail the owner writes, or null for a new one.</summary>
    public ThreadId? ForOwn(Envelope mail, ThreadId? asked) =>
        asked is ThreadId thread
        && mail.References.Any(id => _byRfc822Id.TryGetValue(id, out ThreadId known) && known == thread)
        && SameTopic(thread, mail)
            ? thread
            : null;

    public void Learn(StoredMessage message)
    {
        if (message.Envelope.MessageId is Rfc822Id id)
        {
            _byRfc822Id.TryAdd(id, message.Thread);
        }

        _latestByTopic[message.Envelope.Topic] = message;
    }

    private bool SameTopic(ThreadId thread, Envelope mail) =>
        mailbox.Threads.TryGetValue(thread, out List<StoredMessage>? members)
        && members.Exists(member => member.Envelope.Topic == mail.Topic);
}
