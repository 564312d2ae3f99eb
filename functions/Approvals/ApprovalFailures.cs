using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>Every expected way in which asking, deciding or sending can fail.</summary>
internal static class ApprovalFailures
{
    public sealed record NoSuchApproval()
        : Failure.NotFound("approval-not-found", "There is no such approval. Open the inbox to see what waits.");

    public sealed record NoSuchState()
        : Failure.Invalid(
            "bad-state",
            "There is no such state. Ask for waiting, approved, sending, sent, unknown, failed, rejected or expired.",
            "state");

    public sealed record AlreadyDecided()
        : Failure.Conflict("approval-already-decided", "This has been decided or has changed meanwhile. Reload to see how it stands.");

    /// <summary>The page showed another revision than the one that stands.</summary>
    public sealed record NotWhatWasShown()
        : Failure.Conflict("approval-changed", "It was changed after you opened it. Read it again, then decide.");

    public sealed record Expired()
        : Failure.Conflict("approval-expired", "It has waited too long and does not count any more. Propose it again.");

    public sealed record GateRefuses(string Gate)
        : Failure.Refused("gate-refuses", $"The {Gate} gate refuses it as it is. Edit it, or reject it.");

    public sealed record NotConfirmed()
        : Failure.Invalid("not-confirmed", "The gates ask for a second look. Tick that you have taken it, then approve.", "confirmed");

    public sealed record BadRecipient()
        : Failure.Invalid("bad-recipient", "A recipient is not a mail address. Correct it.", "to");

    public sealed record BadText()
        : Failure.Invalid("bad-text", "The subject or the text is missing, too long, or the subject has more than one line.", "text");

    public sealed record BadEvent()
        : Failure.Invalid(
            "bad-event",
            "The event needs a title of one line, and either a start, an end and a time zone, or a first and a last day.",
            "event");

    public sealed record BadTask()
        : Failure.Invalid("bad-task", "The task needs a title of one line, at most 250 characters; notes at most 100,000.", "task");

    public sealed record BadSender()
        : Failure.Invalid("bad-sender", "That is no mail address to send from. Take the mailbox's own, or a verified one of it.", "from");

    public sealed record BadAttachment()
        : Failure.Invalid(
            "bad-attachment", "An attachment has no name, no media type or no content in base64, or there is too much of it.", "attachments");

    public sealed record NoSuchAccount()
        : Failure.Invalid("bad-connection", "That is no connection. Open the list of connections to see what there is.", "connection");

    public sealed record BadKey()
        : Failure.Invalid("bad-key", "Give the proposal a key of your own, 1 to 100 characters: the same key proposes once.", "key");

    public sealed record CannotBeEdited()
        : Failure.Conflict("cannot-be-edited", "There is nothing in it to edit. Reject it, and propose another.");

    public sealed record AttachmentMissing()
        : Failure.Invalid("attachment-missing", "An attachment is not there any more as it was kept. Propose it again.");

    public sealed record ReasonTooLong()
        : Failure.Invalid("reason-too-long", "The reason has more than 500 characters. Shorten it.", "reason");

    public sealed record TooLateToUndo()
        : Failure.Conflict("too-late-to-undo", "It is already on its way. It cannot be called back.");
}
