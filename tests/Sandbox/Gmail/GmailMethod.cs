namespace PracticPro.Sandbox.Gmail;

/// <summary>One method of the API: where it is, what it costs, which scopes open it, what it does.</summary>
internal sealed record GmailMethod(
    string Name, string Verb, string Path, int Units, string[] Scopes, Func<GmailCall, GmailAnswer> Run);

/// <summary>
/// The contents page of the Gmail API. Units are those valid since 2026-05-01 (getProfile 1 … watch 100).
/// Source: Gmail API reference, discovery document and "Usage limits".
/// </summary>
internal static class GmailMethods
{
    public static readonly IReadOnlyList<GmailMethod> All =
    [
        new("GetProfile", "GET", "profile", 1, GmailScopes.Profile, MailboxMethods.GetProfile),
        new("Watch", "POST", "watch", 100, GmailScopes.ReadHeaders, MailboxMethods.Watch),
        new("Stop", "POST", "stop", 50, GmailScopes.ReadHeaders, MailboxMethods.Stop),
        new("ListHistory", "GET", "history", 2, GmailScopes.ReadHeaders, HistoryMethods.List),
        new("ListLabels", "GET", "labels", 1, GmailScopes.ReadLabels, LabelMethods.List),
        new("GetLabel", "GET", "labels/{id}", 1, GmailScopes.ReadLabels, LabelMethods.Get),

        new("ListSendAs", "GET", "settings/sendAs", 1, GmailScopes.ReadSettings, SendAsMethods.List),

        new("ListMessages", "GET", "messages", 5, GmailScopes.ReadHeaders, MessageMethods.List),
        new("GetMessage", "GET", "messages/{id}", 20, GmailScopes.ReadHeaders, MessageMethods.Get),
        new("GetAttachment", "GET", "messages/{id}/attachments/{attachment}", 20, GmailScopes.Read,
            MessageMethods.GetAttachment),
        new("ModifyMessage", "POST", "messages/{id}/modify", 5, GmailScopes.Change, MessageChanges.Modify),
        new("TrashMessage", "POST", "messages/{id}/trash", 20, GmailScopes.Change, MessageChanges.Trash),
        new("UntrashMessage", "POST", "messages/{id}/untrash", 5, GmailScopes.Change, MessageChanges.Untrash),
        new("DeleteMessage", "DELETE", "messages/{id}", 10, GmailScopes.Everything, MessageChanges.Delete),
        new("BatchModifyMessages", "POST", "messages/batchModify", 50, GmailScopes.Change, MessageChanges.BatchModify),
        new("SendMessage", "POST", "messages/send", 100, GmailScopes.SendMail, SendMethods.SendMessage),

        new("ListThreads", "GET", "threads", 10, GmailScopes.ReadHeaders, ThreadMethods.List),
        new("GetThread", "GET", "threads/{id}", 40, GmailScopes.ReadHeaders, ThreadMethods.Get),

        new("ListDrafts", "GET", "drafts", 5, GmailScopes.ReadDrafts, DraftMethods.List),
        new("GetDraft", "GET", "drafts/{id}", 20, GmailScopes.ReadDrafts, DraftMethods.Get),
        new("CreateDraft", "POST", "drafts", 10, GmailScopes.WriteDrafts, DraftMethods.Create),
        new("UpdateDraft", "PUT", "drafts/{id}", 15, GmailScopes.WriteDrafts, DraftMethods.Update),
        new("DeleteDraft", "DELETE", "drafts/{id}", 10, GmailScopes.WriteDrafts, DraftMethods.Delete),
        new("SendDraft", "POST", "drafts/send", 100, GmailScopes.WriteDrafts, SendMethods.SendDraft),
    ];
}
