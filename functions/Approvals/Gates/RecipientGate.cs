using System.Collections.Frozen;
using System.Collections.Immutable;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>Gate 4: to whom. A stranger needs a second look; a domain dressed up as a known one is refused.</summary>
internal static class RecipientGate
{
    private const int MostRecipients = 10;

    // Two domains this long that differ in one place are rarely both real acquaintances.
    private const int ShortestComparedDomain = 7;

    // Mail for everybody, by real companies: gmail.com and ymail.com differ in one letter and are both what they seem.
    private static readonly FrozenSet<string> PublicDomains = FrozenSet.Create(
        StringComparer.Ordinal,
        "gmail.com", "googlemail.com", "ymail.com", "mail.com", "email.com", "hotmail.com", "hotmail.co.uk", "outlook.com",
        "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com", "gmx.net",
        "gmx.de", "web.de", "mail.ru", "zoho.com", "proton.me", "protonmail.com", "fastmail.com", "fastmail.fm");

    public static GateResult Evaluate(GateFacts facts) => GateResult.Of(GateName.Recipient, Reasons(facts));

    /// <summary>A domain as the eye reads it: look-alike groups folded together.</summary>
    public static string Skeleton(string domain) => domain.ToLowerInvariant()
        .Replace("rn", "m", StringComparison.Ordinal)
        .Replace("vv", "w", StringComparison.Ordinal)
        .Replace('0', 'o')
        .Replace('1', 'l')
        .Replace('i', 'l')
        .Replace('5', 's')
        .Replace("-", "", StringComparison.Ordinal);

    private static IEnumerable<GateReason> Reasons(GateFacts facts)
    {
        var recipients = facts.Action.Recipients.Select(party => party.Address).ToList();
        if (recipients.Count == 0 && facts.Action is OutgoingMail)
        {
            yield return new("no-recipient", Verdict.Refuse, "There is no recipient.");
        }

        if (recipients.Count > MostRecipients)
        {
            yield return new("too-many-recipients", Verdict.Refuse, "There are more than ten recipients. Send it in parts.");
        }

        if (Named(facts.Action).GroupBy(static address => address).Any(static same => same.Count() > 1))
        {
            yield return new("recipient-twice", Verdict.Refuse, "A recipient is named twice.");
        }

        var strangers = recipients.Where(address => !facts.Recipients.Known.Contains(address)).ToList();
        if (strangers.Count > 0)
        {
            yield return new("new-recipient", Verdict.Confirm, "The practice has never written with a recipient. Check the address.");
        }

        if (strangers.Any(address => LooksLike(address, facts.Recipients.WrittenToDomains)))
        {
            yield return new("look-alike-domain", Verdict.Refuse, "A recipient's domain looks like a known one and is another. Check every letter.");
        }

        // Somebody who only ever wrote to the practice may be who they are, or dressed up: a person can tell.
        var onlyInbound = recipients.Where(address =>
            facts.Recipients.Known.Contains(address) && !facts.Recipients.WrittenTo.Contains(address));
        if (onlyInbound.Any(address => LooksLike(address, facts.Recipients.WrittenToDomains)))
        {
            yield return new("look-alike-sender", Verdict.Confirm, "They wrote from a domain that looks like a known one. Check every letter.");
        }
    }

    // A guest who stays in a changed event is reached once, and may be named twice all the same.
    private static IEnumerable<EmailAddress> Named(OutgoingAction action) => action is OutgoingEvent { After: { } after }
        ? after.Guests.Select(static guest => guest.Address)
        : action.Recipients.Select(static party => party.Address);

    private static bool LooksLike(EmailAddress stranger, ImmutableHashSet<string> known) =>
        !known.Contains(stranger.Domain)
        && !PublicDomains.Contains(stranger.Domain)
        && known.Any(domain => Skeleton(domain) == Skeleton(stranger.Domain)
            || (domain.Length >= ShortestComparedDomain && DifferInOnePlace(domain, stranger.Domain)));

    /// <summary>True when one letter changed, added, removed or swapped with its neighbour turns one into the other.</summary>
    private static bool DifferInOnePlace(string one, string other)
    {
        var start = 0;
        while (start < one.Length && start < other.Length && one[start] == other[start])
        {
            start++;
        }

        var left = one.AsSpan(start);
        var right = other.AsSpan(start);
        while (left.Length > 0 && right.Length > 0 && left[^1] == right[^1])
        {
            left = left[..^1];
            right = right[..^1];
        }

        return (left.Length <= 1 && right.Length <= 1)
            || (left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0]);
    }
}
