using PracticPro.Sandbox.Microsoft.Calendar;
using PracticPro.Sandbox.Microsoft.Mail;

namespace PracticPro.Sandbox.Microsoft.Control;

/// <summary>
/// Everything in an account that a client could know, under immutable ids and without the mail itself: for comparing
/// with the client's records.
/// </summary>
internal sealed record AccountDump(
    string Address, IReadOnlyList<AccountDump.Folder> Folders, IReadOnlyList<AccountDump.Message> Messages,
    IReadOnlyList<AccountDump.Event> Events, IReadOnlyList<AccountDump.Task> Tasks)
{
    public static AccountDump Of(OutlookAccount account) => new(
        account.Address,
        [.. account.Mail.Folders.Select(folder => new Folder(
            folder.Key, folder.WellKnown, folder.DisplayName, folder.Parent, folder.Messages.Count))],
        [.. account.Mail.Messages.OrderBy(message => message.Key.Immutable, StringComparer.Ordinal).Select(Of)],
        [.. account.Calendar.Events.OrderBy(one => one.Key.Immutable, StringComparer.Ordinal).Select(Of)],
        [.. account.Tasks.Lists.SelectMany(list => list.Tasks.Select(task => new Task(
            task.Key, list.Key, (string?)task.Words["title"] ?? "", (string?)task.Words["status"] ?? "notStarted")))]);

    /// <summary>What its owner sees in the calendar of a span: each occurrence of a series, and no series.</summary>
    public static IReadOnlyList<Seen> Of(OutlookAccount account, DateTimeOffset from, DateTimeOffset to) =>
    [
        .. account.Calendar.Events.Where(one => one.Recurrence is null && one.Overlaps(from, to))
            .Select(one => new Seen(one.Key.Immutable, (string?)one.Words["subject"] ?? "", one.Start, one.End)),
        .. account.Calendar.Events.Where(one => one.Recurrence is not null).ToList()
            .SelectMany(one => account.Calendar.Occurrences(one, from - (one.End - one.Start), to))
            .Where(one => one.Start < to && one.End > from)
            .Select(one => new Seen(one.Key.Immutable, (string?)one.Master.Words["subject"] ?? "", one.Start, one.End)),
    ];

    private static Message Of(OutlookMessage message) => new(
        message.Key.Immutable, message.Key.Rest, message.Folder.Key, message.Folder.WellKnown, message.Conversation,
        message.Letter.MessageId?.Value, message.Letter.Subject, message.ReceivedAt, message.IsRead, message.IsDraft,
        message.Flag, message.Letter.Attachments.Any(file => !file.IsInline));

    private static Event Of(OutlookEvent one) => new(
        one.Key.Immutable, one.Key.Rest, one.Type, one.Master?.Key.Immutable, (string?)one.Words["subject"] ?? "",
        one.Start, one.End, one.Exceptions.Count(exception => exception.Value is null));

    internal sealed record Folder(string Id, string? WellKnown, string DisplayName, string ParentId, int Messages);

    internal sealed record Message(
        string ImmutableId, string Id, string FolderId, string? WellKnownFolder, string ConversationId,
        string? Rfc822MessageId, string Subject, DateTimeOffset ReceivedAt, bool IsRead, bool IsDraft, string Flag,
        bool HasAttachments);

    internal sealed record Event(
        string ImmutableId, string Id, string Type, string? SeriesMasterId, string Subject, DateTimeOffset Start,
        DateTimeOffset End, int CalledOff);

    internal sealed record Seen(string ImmutableId, string Subject, DateTimeOffset Start, DateTimeOffset End);

    internal sealed record Task(string Id, string ListId, string Title, string Status);
}
