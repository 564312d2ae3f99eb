namespace PracticPro.Sandbox.Gmail;

/// <summary>Gmail's own labels. Their ids are their names. A user's labels are called Label_1, Label_2 …</summary>
internal static class Labels
{
    public const string Inbox = "INBOX";
    public const string Spam = "SPAM";
    public const string Trash = "TRASH";
    public const string Unread = "UNREAD";
    public const string Starred = "STARRED";
    public const string Important = "IMPORTANT";
    public const string Sent = "SENT";
    public const string Draft = "DRAFT";

    public static readonly IReadOnlyList<string> System =
    [
        Inbox, Spam, Trash, Unread, Starred, Important, Sent, Draft, "CHAT",
        "CATEGORY_PERSONAL", "CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS",
    ];

    /// <summary>These two follow from what a message is; nobody may put them on or take them off.</summary>
    public static bool IsFixed(string label) => label is Sent or Draft;
}
