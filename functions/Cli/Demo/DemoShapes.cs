using System.Text.Json.Serialization;

namespace PracticPro.Cli.Demo;

/// <summary>The part of the JSON API that the demo reads, and the part of the sandbox's control calls.</summary>
internal static class DemoShapes
{
    internal sealed record Session(string CsrfToken)
    {
        // The token proves a request to be no forgery.
        public override string ToString() => "***";
    }

    internal sealed record ConsentPage(Uri AuthorizeUrl);

    internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

    internal sealed record Connection(string Id, string Provider, string Mailbox, string State, Progress? Sync);

    /// <param name="Stored">Messages of the reading under way; see StreamCursor.</param>
    internal sealed record Progress(
        string Phase, int Generation, int Total, int Stored, DateTimeOffset? CompleteSince, DateTimeOffset? LookedAt, int Failures);

    internal sealed record ApprovalLine(string Id, string State, string Digest, string WorstVerdict);

    internal sealed record Party(string Address, string? Name);

    internal sealed record Approval(
        string Id, string State, string Digest, IReadOnlyList<Party> To, string Subject, string Text, string MessageId);

    internal sealed record Problem(string? Code);

    /// <summary>What the sandbox says is in a mailbox.</summary>
    internal sealed record Dump(IReadOnlyList<DumpedMessage> Messages, IReadOnlyList<DumpedDraft> Drafts);

    internal sealed record DumpedMessage(string Id, string ThreadId, IReadOnlyList<string> LabelIds);

    internal sealed record DumpedDraft(string Id, string MessageId);

    /// <summary>What the sandbox says is in a calendar: etags tell one version of an event from another.</summary>
    internal sealed record CalendarDump(IReadOnlyList<DumpedEvent> Events);

    internal sealed record DumpedEvent(string Id, string Etag, string Status);

    /// <summary>What the sandbox says is in an Outlook mailbox.</summary>
    internal sealed record OutlookDump(IReadOnlyList<DumpedLetter> Messages);

    /// <param name="WellKnownFolder">Null for a folder its owner made.</param>
    internal sealed record DumpedLetter(
        [property: JsonPropertyName("immutableId")] string Letter,
        [property: JsonPropertyName("folderId")] string Folder,
        string? WellKnownFolder,
        bool IsRead,
        bool IsDraft,
        string Flag);

    /// <summary>An appointment that an Outlook calendar shows: no series, but each occurrence of one.</summary>
    internal sealed record Appointment(
        [property: JsonPropertyName("immutableId")] string Id, string Subject, DateTimeOffset Start, DateTimeOffset End);

    /// <summary>What the sandbox says is in the books; names as QuickBooks writes them.</summary>
    internal sealed record BooksDump(
        IReadOnlyList<DumpedEntry> Customer, IReadOnlyList<DumpedEntry> Invoice, IReadOnlyList<DumpedEntry> Payment);

    /// <param name="Version">The books' own count of changes to it.</param>
    internal sealed record DumpedEntry(string Id, [property: JsonPropertyName("SyncToken")] string Version);

    internal sealed record Channel(string Account, bool Lives);

    internal sealed record Subscription(string Resource);

    internal sealed record Statistics(IReadOnlyDictionary<string, int> SendsByMessageId);
}
