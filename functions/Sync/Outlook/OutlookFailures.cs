using PracticPro.Kernel;

namespace PracticPro.Sync.Outlook;

/// <summary>What Outlook cannot do, and others can.</summary>
internal static class OutlookFailures
{
    public sealed record GuestsAreTold()
        : Failure.Invalid("guests-are-told", "Outlook writes to guests about every change, whatever it is told. Allow that, or leave the guests out.");

    public sealed record LetterTooLarge()
        : Failure.Invalid("letter-too-large", "Outlook takes letters of up to 3 MB with all attachments. Send a link, or fewer files.");

    public sealed record NoTaskList()
        : Failure.NotFound("no-task-list", "The account has no task list of its own. Open Microsoft To Do once with it.");
}
