using System.Globalization;
using PracticPro.Sync.Outlook;

namespace PracticPro.Cli.Demo;

/// <summary>Our records against what the sandbox says is in the mailbox.</summary>
/// <param name="Agreeing">Messages both have, in the same conversation with the same labels.</param>
/// <param name="Missing">Messages the mailbox has and we do not.</param>
/// <param name="Surplus">Messages we have and the mailbox does not.</param>
/// <param name="Differing">Ids both have with another conversation or other labels.</param>
internal sealed record MailAgreement(
    int Agreeing, IReadOnlyList<string> Missing, IReadOnlyList<string> Surplus, IReadOnlyList<string> Differing)
{
    public bool Holds => Missing.Count + Surplus.Count + Differing.Count == 0;
}

/// <summary>What was approved against what left the mailbox.</summary>
/// <param name="Once">Approved Message-IDs that left exactly once.</param>
/// <param name="Twice">Message-IDs that left more often.</param>
/// <param name="Never">Approved Message-IDs that did not leave.</param>
/// <param name="Unapproved">Message-IDs that left although nobody approved them.</param>
internal sealed record SendAgreement(
    int Once, IReadOnlyList<string> Twice, IReadOnlyList<string> Never, IReadOnlyList<string> Unapproved)
{
    public bool Holds => Twice.Count + Never.Count + Unapproved.Count == 0;
}

/// <summary>Our records of one sort against what the sandbox says there is.</summary>
internal sealed record Agreement(int Agreeing, int Missing, int Surplus, int Differing)
{
    public int Wrong => Missing + Surplus + Differing;

    public override string ToString() => $"{Agreeing} agree, {Missing} missing, {Surplus} too many, {Differing} different";
}

/// <summary>Compares; pure. What is compared was read elsewhere, from both sides.</summary>
internal static class DemoChecks
{
    private const string Draft = "DRAFT";

    /// <summary>An unfinished draft is nobody's mail yet, so the provider's drafts are left out.</summary>
    public static MailAgreement Mail(DemoShapes.Dump dump, IReadOnlyDictionary<string, KeptMessage> kept)
    {
        var there = dump.Messages.Where(message => !message.LabelIds.Contains(Draft)).ToDictionary(message => message.Id);
        var differing = there.Values
            .Where(message => kept.TryGetValue(message.Id, out var ours) && !IsSame(message, ours))
            .Select(message => message.Id)
            .ToList();
        var missing = there.Keys.Where(id => !kept.ContainsKey(id)).ToList();
        return new MailAgreement(
            there.Count - missing.Count - differing.Count,
            missing,
            [.. kept.Keys.Where(id => !there.ContainsKey(id))],
            differing);
    }

    /// <summary>By id, each told as one value: a version, or what can be seen of it.</summary>
    public static Agreement Items(IReadOnlyDictionary<string, string> there, IReadOnlyDictionary<string, string> kept)
    {
        var missing = there.Keys.Count(id => !kept.ContainsKey(id));
        var differing = there.Count(pair => kept.TryGetValue(pair.Key, out var ours) && ours != pair.Value);
        return new Agreement(
            there.Count - missing - differing, missing, kept.Keys.Count(id => !there.ContainsKey(id)), differing);
    }

    /// <summary>
    /// Outlook's letters, each by where it lies and how it is marked. Drafts, and folders of what never was mail, are left
    /// out, as the program leaves them out.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Letters(DemoShapes.OutlookDump dump) => dump.Messages
        .Where(static letter => !letter.IsDraft && !FolderRole.NotFollowed.Contains(letter.WellKnownFolder ?? ""))
        .ToDictionary(
            static letter => letter.Letter,
            static letter => Letter(letter.Folder, letter.IsRead, letter.Flag == "flagged"),
            StringComparer.Ordinal);

    /// <summary>Appointments of a span, as far as the two sides are compared: name and times.</summary>
    public static IReadOnlyDictionary<string, string> Appointments(
        IEnumerable<DemoShapes.Appointment> all, DateTimeOffset from, DateTimeOffset to) => all
        .Where(one => one.Start < to && one.End > from)
        .ToDictionary(
            static one => one.Id,
            static one => string.Create(CultureInfo.InvariantCulture, $"{one.Start.UtcDateTime:s} {one.End.UtcDateTime:s} {one.Subject}"),
            StringComparer.Ordinal);

    /// <summary>A letter as far as the two sides are compared.</summary>
    public static string Letter(string folder, bool isRead, bool isFlagged) =>
        $"{folder} {(isRead ? "read" : "unread")}{(isFlagged ? " flagged" : "")}";

    /// <param name="left">How often each Message-ID left the mailbox.</param>
    /// <param name="approved">Message-IDs of what was approved and not taken back.</param>
    public static SendAgreement Sending(IReadOnlyDictionary<string, int> left, IReadOnlySet<string> approved) => new(
        approved.Count(id => left.GetValueOrDefault(id) == 1),
        [.. left.Where(pair => pair.Value > 1).Select(pair => pair.Key)],
        [.. approved.Where(id => !left.ContainsKey(id))],
        [.. left.Keys.Where(id => !approved.Contains(id))]);

    private static bool IsSame(DemoShapes.DumpedMessage theirs, KeptMessage ours) =>
        theirs.ThreadId == ours.ThreadId && theirs.LabelIds.ToHashSet(StringComparer.Ordinal).SetEquals(ours.Labels);
}
