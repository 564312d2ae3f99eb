namespace PracticPro.Sync.Mailbox;

/// <summary>
/// A person the practice writes with, as far as the mail tells. A fold over the messages in sight with them: never
/// edited, always what the messages say. Whoever wrote nothing but spam is nobody the practice knows.
/// </summary>
/// <param name="NamedAt">When the latest message that gave a name came; of two at the same instant the later name in order counts.</param>
internal sealed record MailContact(
    string AddressHash,
    Correspondent Person,
    DateTimeOffset FirstAt,
    DateTimeOffset? LastInboundAt,
    DateTimeOffset? LastOutboundAt,
    DateTimeOffset? NamedAt)
{
    public const string ByLastContact = "by-last-contact";

    public DateTimeOffset LastContactAt =>
        LastInboundAt > LastOutboundAt || LastOutboundAt is null ? LastInboundAt ?? FirstAt : LastOutboundAt.Value;

    /// <summary>The contact with one more message. The order of messages does not matter, nor does a repeat.</summary>
    public static MailContact? With(MailContact? known, string addressHash, MailMessage message)
    {
        if (message.OutOfSight)
        {
            return known;
        }

        var person = message.Counterpart!;
        DateTimeOffset? namedAt = person.Name.Length > 0 ? message.At : null;
        DateTimeOffset? inbound = message.Direction == Direction.Inbound ? message.At : null;
        DateTimeOffset? outbound = message.Direction == Direction.Outbound ? message.At : null;
        if (known is null)
        {
            return new MailContact(addressHash, person, message.At, inbound, outbound, namedAt);
        }

        var renamed = namedAt is not null
            && (known.NamedAt is null
                || namedAt > known.NamedAt
                || (namedAt == known.NamedAt && string.CompareOrdinal(person.Name, known.Person.Name) > 0));
        return known with
        {
            Person = renamed ? person : known.Person,
            NamedAt = renamed ? namedAt : known.NamedAt,
            FirstAt = message.At < known.FirstAt ? message.At : known.FirstAt,
            LastInboundAt = Later(known.LastInboundAt, inbound),
            LastOutboundAt = Later(known.LastOutboundAt, outbound),
        };
    }

    /// <summary>
    /// Knows the latest message of each sort of which the other knows one. Folded from the latest messages on, it is then the same
    /// but for the first.
    /// </summary>
    public bool ReachesAll(MailContact other) =>
        (LastInboundAt is not null || other.LastInboundAt is null)
        && (LastOutboundAt is not null || other.LastOutboundAt is null)
        && (NamedAt is not null || other.NamedAt is null);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}
