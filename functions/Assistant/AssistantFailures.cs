using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Assistant;

/// <summary>Every expected way in which asking for suggestions can fail.</summary>
internal static class AssistantFailures
{
    public sealed record BadCount()
        : Failure.Invalid(
            "bad-count",
            string.Create(CultureInfo.InvariantCulture, $"Ask for 1 to {RequestDrafts.Most} drafts at once."),
            "count");

    public sealed record NoSuchMailbox()
        : Failure.Invalid("bad-connection", "The connection is not one. Take its id from the list of connections.", "connection");

    public sealed record MailboxNotActive()
        : Failure.Conflict("connection-not-active", "This mailbox is not connected. Connect it again first.");
}
