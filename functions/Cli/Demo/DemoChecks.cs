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
