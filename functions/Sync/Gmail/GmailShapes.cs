using System.Text.Json.Serialization;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// Gmail's JSON, as far as it is read here. 64-bit numbers are JSON strings on the REST surface and a JSON number in a
/// push. Members that hold content (snippet, body) are left out on purpose: what is not read cannot be kept (SYNC-2).
/// Source: Gmail API v1 discovery document, users.messages and users.history.
/// </summary>
internal static class GmailShapes
{
    public sealed record Profile(
        [property: JsonRequired] string EmailAddress,
        [property: JsonRequired] string HistoryId, int MessagesTotal = 0);

    public sealed record MessageList(IReadOnlyList<MessageReference>? Messages, string? NextPageToken, int ResultSizeEstimate = 0);

    public sealed record MessageReference([property: JsonRequired] string Id, string? ThreadId);

    public sealed record Message(
        [property: JsonRequired] string Id,
        [property: JsonRequired] string ThreadId,
        IReadOnlyList<string>? LabelIds,
        string? HistoryId,
        string? InternalDate,
        int SizeEstimate,
        Payload? Payload);

    public sealed record Payload(IReadOnlyList<Header>? Headers, string? MimeType = null);

    public sealed record Header([property: JsonRequired] string Name, string? Value);

    public sealed record HistoryList(IReadOnlyList<HistoryRecord>? History, string? NextPageToken, [property: JsonRequired] string HistoryId);

    public sealed record HistoryRecord(
        string Id,
        IReadOnlyList<HistoryItem>? MessagesAdded,
        IReadOnlyList<HistoryItem>? MessagesDeleted,
        IReadOnlyList<HistoryItem>? LabelsAdded,
        IReadOnlyList<HistoryItem>? LabelsRemoved);

    public sealed record HistoryItem([property: JsonRequired] HistoryMessage Message);

    public sealed record HistoryMessage([property: JsonRequired] string Id, string? ThreadId, IReadOnlyList<string>? LabelIds);

    public sealed record WatchAnswer([property: JsonRequired] string HistoryId, [property: JsonRequired] string Expiration);

    public sealed record Draft([property: JsonRequired] string Id, MessageReference? Message);

    public sealed record DraftList(IReadOnlyList<Draft>? Drafts, string? NextPageToken);

    public sealed record SentMessage([property: JsonRequired] string Id, string? ThreadId, IReadOnlyList<string>? LabelIds);

    public sealed record ErrorEnvelope(ErrorBody? Error);

    public sealed record ErrorBody(int Code, string? Message, string? Status, IReadOnlyList<ErrorItem>? Errors);

    public sealed record ErrorItem(string? Reason, string? Domain);

    /// <summary>What a push tells. A hint only: the mailbox changed, look there.</summary>
    public sealed record Notification(
        string EmailAddress,
        [property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] ulong HistoryId);
}
