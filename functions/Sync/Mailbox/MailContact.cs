namespace PracticPro.Sync.Mailbox;

/// <summary>
/// A person the practice writes with, as far as the mail tells. A fold over the messages with them: never edited, always
/// what the messages say.
/// </summary>
internal sealed record MailContact(
    string AddressHash,
    Correspondent Person,
    DateTimeOffset FirstAt,
    DateTimeOffset? LastInboundAt,
    DateTimeOffset? LastOutboundAt)
{
    public const string ByLastContact = "by-last-contact";

    public DateTimeOffset LastContactAt =>
        LastInboundAt > LastOutboundAt || LastOutboundAt is null ? LastInboundAt ?? FirstAt : LastOutboundAt.Value;

    /// <summary>The contact with one more message. The order of messages does not matter, nor does a repeat.</summary>
    public static MailContact With(MailContact? known, string addressHash, MailMessage message)
    {
        DateTimeOffset? inbound = message.Direction == Direction.Inbound ? message.At : null;
        DateTimeOffset? outbound = message.Direction == Direction.Outbound ? message.At : null;
        if (known is null)
        {
            return new MailContact(addressHash, message.Counterpart!, message.At, inbound, outbound);
        }

        var newer = message.Counterpart!.Name.Length > 0 && message.At >= known.LastContactAt;
        return known with
        {
            Person = newer || known.Person.Name.Length == 0 ? message.Counterpart : known.Person,
            FirstAt = message.At < known.FirstAt ? message.At : known.FirstAt,
            LastInboundAt = Later(known.LastInboundAt, inbound),
            LastOutboundAt = Later(known.LastOutboundAt, outbound),
        };
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}
