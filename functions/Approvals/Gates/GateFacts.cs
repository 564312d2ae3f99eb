using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>
/// Everything the gates judge by, gathered beforehand: the gates themselves read nothing and change nothing.
/// A fact that could not be learnt is given as its unfavourable value: unknown means no.
/// </summary>
internal sealed record GateFacts(
    OutgoingAction Action,
    Actor Proposer,
    ApproverFacts? Approver,
    SenderFacts Sender,
    RecipientFacts Recipients,
    PaceFacts Pace,
    DateTimeOffset Now);

/// <summary>The person who decided, as they stand now.</summary>
/// <param name="Permissions">What their role allows today.</param>
/// <param name="SignedInAt">When the session they decided in began.</param>
/// <param name="DigestMatches">Whether what they approved is exactly what would be sent.</param>
internal sealed record ApproverFacts(
    Actor Actor, ImmutableHashSet<Permission> Permissions, DateTimeOffset SignedInAt, bool DigestMatches);

/// <param name="Mailbox">The connected account; null for the practice's own list, which belongs to none.</param>
/// <param name="Active">The account is connected and its grant is alive.</param>
/// <param name="MaySend">The grant holds the scope that sending or writing needs.</param>
/// <param name="OutboundAllowed">The practice's own switch.</param>
internal sealed record SenderFacts(EmailAddress? Mailbox, bool Active, bool MaySend, bool OutboundAllowed)
{
    /// <summary>Other addresses that a mail may name as its sender: the provider has seen them verified.</summary>
    public ImmutableHashSet<EmailAddress> Aliases { get; init; } = [];
}

/// <param name="Known">Those of the recipients the practice has written with before.</param>
/// <param name="OptedOut">Those who asked not to be written to.</param>
/// <param name="WrittenTo">Those of the recipients the practice itself has written to before.</param>
/// <param name="WrittenToDomains">Domains the practice itself has written to. Writing to the practice puts nobody's domain in here.</param>
internal sealed record RecipientFacts(
    ImmutableHashSet<EmailAddress> Known,
    ImmutableHashSet<EmailAddress> OptedOut,
    ImmutableHashSet<EmailAddress> WrittenTo,
    ImmutableHashSet<string> WrittenToDomains);

/// <param name="SentLastHour">Actions released in the last hour.</param>
/// <param name="SentLastDay">Actions released in the last 24 hours.</param>
/// <param name="SameSentLastDay">Whether one that says the same was released in the last 24 hours (<see cref="OutgoingAction.Repeats"/>).</param>
/// <param name="QuietHours">The practice's quiet hours, or null.</param>
internal sealed record PaceFacts(int SentLastHour, int SentLastDay, bool SameSentLastDay, QuietHours? QuietHours);

/// <summary>A daily span in which nothing should go out. Ends before it begins when it spans midnight.</summary>
/// <param name="UtcOffset">The practice's offset from UTC.</param>
internal sealed record QuietHours(TimeOnly From, TimeOnly Until, TimeSpan UtcOffset)
{
    public bool Contains(DateTimeOffset instant) =>
        TimeOnly.FromDateTime(instant.ToOffset(UtcOffset).DateTime).IsBetween(From, Until);
}
