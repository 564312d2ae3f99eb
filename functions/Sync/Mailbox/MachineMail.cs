namespace PracticPro.Sync.Mailbox;

/// <summary>Tells mail that a machine sent to many from mail that a person wrote. Pure.</summary>
internal static class MachineMail
{
    private static readonly HashSet<string> Precedences = new(StringComparer.OrdinalIgnoreCase)
    {
        "bulk", "list", "junk", "auto_reply",
    };

    private static readonly string[] Mailboxes =
        ["no-reply", "noreply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "bounce", "notifications"];

    /// <param name="header">First value of a header, or empty.</param>
    public static bool Wrote(Func<string, string> header, Correspondent? counterpart) =>
        header("List-Id").Length > 0
        || header("List-Unsubscribe").Length > 0
        || Precedences.Contains(header("Precedence").Trim())
        // RFC 3834 section 5: anything but "no" was sent by a machine.
        || (header("Auto-Submitted").Trim() is { Length: > 0 } automatic
            && !automatic.Equals("no", StringComparison.OrdinalIgnoreCase))
        || (counterpart is not null
            && Mailboxes.Any(robot => counterpart.Address.Normalised.StartsWith(robot, StringComparison.Ordinal)));
}
