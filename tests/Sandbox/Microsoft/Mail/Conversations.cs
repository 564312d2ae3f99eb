using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// Which conversation a message belongs to: that of a message it refers to, else for a "Re:" that of the subject, else
/// one of its own.
/// </summary>
internal sealed class Conversations(Seeded made)
{
    private readonly Dictionary<Rfc822Id, string> _byRfc822Id = [];
    private readonly Dictionary<string, string> _byTopic = new(StringComparer.Ordinal);

    public string For(Envelope mail)
    {
        string? known = mail.References.Reverse().Select(id => _byRfc822Id.GetValueOrDefault(id))
            .FirstOrDefault(found => found is not null);
        if (known is null && mail.IsReply && mail.Topic.Length > 0)
        {
            known = _byTopic.GetValueOrDefault(mail.Topic);
        }

        string conversation = known ?? "AAQkAGI1" + made.Token(30) + "=";
        if (mail.MessageId is Rfc822Id id)
        {
            _byRfc822Id.TryAdd(id, conversation);
        }

        _byTopic[mail.Topic] = conversation;
        return conversation;
    }

    public string For(OutlookLetter letter) => For(Envelope.Read(letter.Mime(DateTimeOffset.UnixEpoch)));
}
