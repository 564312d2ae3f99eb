using System.Collections.Frozen;
using System.Collections.Immutable;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// What a mail folder is for. It stands in the name of the folder's stream, so that a message's labels follow from where it
/// lies and from nothing else: <c>inbox.AQMk…=</c>. Folder ids never change.
/// </summary>
internal static class FolderRole
{
    public const string Inbox = "inbox";
    public const string Sent = "sent";
    public const string Trash = "trash";
    public const string Junk = "junk";
    public const string Other = "folder";

    /// <summary>The provider's names for the folders that have a role; a listing does not tell them.</summary>
    public static readonly FrozenDictionary<string, string> ByWellKnownName = new Dictionary<string, string>
    {
        ["inbox"] = Inbox,
        ["sentitems"] = Sent,
        ["deleteditems"] = Trash,
        ["junkemail"] = Junk,
    }.ToFrozenDictionary();

    /// <summary>What is written there is nobody's mail yet, or never was mail.</summary>
    public static readonly ImmutableArray<string> NotFollowed = ["drafts", "outbox", "conversationhistory"];

    private static readonly FrozenDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Inbox] = "INBOX",
        [Sent] = "SENT",
        [Trash] = "TRASH",
        [Junk] = "SPAM",
    }.ToFrozenDictionary();

    public static StreamName Stream(string role, string folder) => StreamName.Parse($"{role}.{folder}");

    /// <summary>Role and folder of a stream.</summary>
    public static (string Role, string Folder) Of(StreamName stream)
    {
        var dot = stream.Text.IndexOf('.', StringComparison.Ordinal);
        return (stream.Text[..dot], stream.Text[(dot + 1)..]);
    }

    /// <summary>Labels in the words all providers are told in.</summary>
    public static ImmutableArray<string> LabelsOf(StreamName stream, bool isRead, bool isFlagged) =>
    [
        .. Labels.TryGetValue(Of(stream).Role, out var label) ? (string[])[label] : [],
        .. isRead ? [] : (string[])["UNREAD"],
        .. isFlagged ? (string[])["STARRED"] : [],
    ];
}
