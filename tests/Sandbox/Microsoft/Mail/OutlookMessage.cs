namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// One message in one mailbox. A move gives it another ordinary id; the immutable one stays. Changes happen under the
/// account's lock and through <see cref="OutlookMailbox"/> alone.
/// </summary>
internal sealed class OutlookMessage(ItemKey key, string conversation, DateTimeOffset receivedAt)
{
    public ItemKey Key { get; set; } = key;

    public string Conversation => conversation;

    /// <summary>When it came into the mailbox; not the Date field the sender wrote.</summary>
    public DateTimeOffset ReceivedAt { get; set; } = receivedAt;

    public required Lazy<OutlookLetter> Text { get; set; }

    public OutlookLetter Letter => Text.Value;

    public required OutlookFolder Folder { get; set; }

    public bool IsRead { get; set; }

    public bool IsDraft { get; set; }

    /// <summary>notFlagged, flagged or complete.</summary>
    public string Flag { get; set; } = "notFlagged";

    public IReadOnlyList<string> Categories { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; set; }

    /// <summary>The last change to it, and the change that brought it into its folder.</summary>
    public long Revision { get; set; }

    public long ArrivedRevision { get; set; }

    /// <summary>Which change last touched a property.</summary>
    public Dictionary<string, long> Touched { get; } = new(StringComparer.Ordinal);

    public string ChangeKey => OutlookAccount.ChangeKeyOf(Revision);

    public string ETag => OutlookAccount.ETagOf(ChangeKey);
}
