using PracticPro.Sync.Published;

namespace PracticPro.Assistant;

/// <summary>A suggestion that was made, and the approval it was put to. The suggestion's text lives in the approval.</summary>
/// <param name="Key">Connection and message answered to: one suggestion a message.</param>
internal sealed record Draft(
    string Key, ConnectionId Connection, string ThreadId, string Drafter, string Approval, DateTimeOffset MadeAt)
{
    public const string ByMadeAt = "by-made-at";

    public static string KeyOf(WaitingConversation waiting) => $"{waiting.Connection}.{waiting.LastGmailId}";
}
