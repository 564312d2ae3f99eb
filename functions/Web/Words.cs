using System.Globalization;
using PracticPro.Approvals;
using PracticPro.Audit;

namespace PracticPro.Web;

/// <summary>How the program's own words read to people who have better things to do than learn them.</summary>
internal static class Words
{
    public static string Of(ApprovalState state) => state switch
    {
        ApprovalState.Waiting => "Waiting",
        ApprovalState.Approved => "Approved, held",
        ApprovalState.Sending => "On its way",
        ApprovalState.Sent => "Sent",
        ApprovalState.Unknown => "Not known",
        ApprovalState.Failed => "Not sent",
        ApprovalState.Rejected => "Rejected",
        _ => "Expired",
    };

    /// <summary>What the state means for the reader, and what there is to do.</summary>
    public static string Meaning(ApprovalState state) => state switch
    {
        ApprovalState.Waiting => "Nothing is sent until somebody approves exactly this.",
        ApprovalState.Approved => "It is held back for a moment and can still be undone.",
        ApprovalState.Sending => "It has been let go and cannot be called back.",
        ApprovalState.Sent => "The provider has sent it.",
        ApprovalState.Unknown => "It may or may not have gone out, and the provider cannot tell. It is not sent again by itself: "
            + "look into the mailbox's Sent folder before you write anew.",
        ApprovalState.Failed => "It did not go out, and will not by itself. Write to them from your mailbox, or ask for a new draft.",
        ApprovalState.Rejected => "Somebody decided against it. It will not be sent.",
        _ => "Nobody decided in time. It will not be sent; ask for a new draft if it is still wanted.",
    };

    /// <summary>The same for this action: only a mail is sent, anything else is done.</summary>
    public static string Meaning(Approval approval) => approval.Action is OutgoingMail ? Meaning(approval.State) : approval.State switch
    {
        ApprovalState.Waiting => "Nothing is done until somebody approves exactly this.",
        ApprovalState.Sent => "It is done.",
        ApprovalState.Unknown => "It may or may not have been done, and the provider cannot tell. It is not tried again by itself: "
            + "look there before you propose it anew.",
        ApprovalState.Failed => "It was not done, and will not be by itself. Do it there yourself, or propose it again.",
        ApprovalState.Rejected => "Somebody decided against it. It will not be done.",
        ApprovalState.Expired => "Nobody decided in time. It will not be done; propose it again if it is still wanted.",
        _ => Meaning(approval.State),
    };

    /// <summary>Heading of the action itself: what will be, was, or would have been sent.</summary>
    public static string HeadingOf(Approval approval) =>
        approval.Action is OutgoingMail ? HeadingOf(approval.State) : approval.State switch
        {
            ApprovalState.Sent => "What was done",
            ApprovalState.Unknown => "What may have been done",
            ApprovalState.Rejected or ApprovalState.Expired or ApprovalState.Failed => "What was not done",
            _ => "What will be done",
        };

    private static string HeadingOf(ApprovalState state) => state switch
    {
        ApprovalState.Sent => "What was sent",
        ApprovalState.Unknown => "What may have been sent",
        ApprovalState.Rejected or ApprovalState.Expired or ApprovalState.Failed => "What was not sent",
        _ => "What will be sent",
    };

    public static string Of(GateName gate) => gate switch
    {
        GateName.Actor => "Who",
        GateName.Policy => "Consent and policy",
        GateName.Content => "Content",
        GateName.Recipient => "Recipients",
        GateName.Pace => "Pace",
        _ => "Your approval",
    };

    /// <summary>What the gate looked at, for the case that it has nothing to say.</summary>
    public static string Passed(GateName gate) => gate switch
    {
        GateName.Actor => "Whoever asks for it may ask.",
        GateName.Policy => "The mailbox may send, and nobody opted out.",
        GateName.Content => "No secrets, no identifying numbers, nothing hidden, no placeholders.",
        GateName.Recipient => "The practice has written with everybody before.",
        GateName.Pace => "Not too much, not twice, not in quiet hours.",
        _ => "Approved by a person.",
    };

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "Fine",
        Verdict.Confirm => "Look twice",
        _ => "Stopped",
    };

    /// <summary>What the gates say all together, in a list.</summary>
    public static string AllGates(Verdict worst) => worst == Verdict.Pass ? "Gates agree" : Of(worst);

    public static string Class(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "good",
        Verdict.Confirm => "look",
        _ => "stop",
    };

    public static string Class(ApprovalState state) => state switch
    {
        ApprovalState.Sent => "good",
        ApprovalState.Waiting or ApprovalState.Approved or ApprovalState.Sending => "look",
        ApprovalState.Unknown or ApprovalState.Failed => "stop",
        _ => "calm",
    };

    public static string Voided(string because) => because switch
    {
        "undone" => "It had been approved; the approval was undone.",
        "changed-at-provider" => "The event was changed at its source after it was shown. Below is how it stands there now; "
            + "what was approved before does not count any more.",
        "gone-at-provider" => "The event is not there any more. Reject this, and propose another if it is still wanted.",
        "edited" => "It had been approved; then it was edited, so that approval does not count any more.",
        _ => "It had been approved; before it was sent, a gate spoke against it. The gates below say why.",
    };

    public static string Of(AuditAct act) => act.Word switch
    {
        "practice-created" => "opened the practice",
        "person-signed-in" => "signed in",
        "sign-in-failed" => "turned away a sign-in: wrong password",
        "session-ended" => "signed out",
        "sessions-ended" => "signed everybody out",
        "connection-started" => "began to connect an account",
        "connection-made" => "connected an account",
        "connection-lost" => "lost access to an account",
        "connection-ended" => "disconnected an account",
        "grant-given-back" => "gave the access to an account back",
        "mail-synced" => "read mail envelopes",
        "mail-resynced" => "began to read a mailbox anew",
        "sync-hole-opened" => "found a hole in what is read",
        "sync-hole-closed" => "closed a hole in what is read",
        "sync-replay-differed" => "found that what is stored differs from what was read",
        "draft-made" => "wrote a draft",
        "approval-proposed" => "put something up for approval",
        "approval-approved" => "approved something",
        "approval-edited" => "edited something that waits",
        "approval-rejected" => "rejected something",
        "approval-expired" => "let an approval expire",
        "approval-voided" => "took an approval back",
        "mail-send-released" => "let an approved mail go",
        "mail-send-attempted" => "asked the provider to send",
        "mail-sent" => "saw a mail sent",
        "mail-send-unknown" => "lost track of a mail",
        "mail-send-failed" => "gave a mail up unsent",
        "write-released" => "let an approved action go",
        "write-attempted" => "asked the provider to carry an action out",
        "write-done" => "saw an action carried out",
        "write-unknown" => "lost track of an action",
        "write-failed" => "gave an action up",
        "task-added" => "put a task on the list",
        "task-completed" => "completed a task",
        "task-reopened" => "opened a task again",
        "audit-exported" => "exported this log",
        "audit-read" => "read this log",
        "audit-values-erased" => "erased personal values from this log",
        "webhook-refused" => "turned away a forged notification",
        "setting-changed" => "changed a setting",
        var word => word.Replace('-', ' '),
    };

    public static string Job(string label) => label["job:".Length..] switch
    {
        "mail-sender" => "PracticPro, sending",
        "mail-sync" => "PracticPro, reading mail",
        "sign-in" => "PracticPro, at the door",
        var name => $"PracticPro ({name.Replace('-', ' ')})",
    };

    /// <summary>How long ago, as one would say it.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalMinutes: < 60 } span => Count((int)span.TotalMinutes, "minute", " ago"),
        { TotalHours: < 24 } span => Count((int)span.TotalHours, "hour", " ago"),
        var span => Count((int)span.TotalDays, "day", " ago"),
    };

    public static string In(DateTimeOffset at, DateTimeOffset now) => (at - now) switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalSeconds: < 90 } span => Count((int)span.TotalSeconds, "second", ""),
        { TotalMinutes: < 90 } span => Count((int)span.TotalMinutes, "minute", ""),
        { TotalHours: < 36 } span => Count((int)span.TotalHours, "hour", ""),
        var span => Count((int)span.TotalDays, "day", ""),
    };

    /// <summary>A moment, to the minute, whoever reads it wherever.</summary>
    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(int count, string unit, string tail) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}{tail}");
}
