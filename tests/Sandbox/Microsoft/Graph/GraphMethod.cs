using PracticPro.Sandbox.Microsoft.Calendar;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Sandbox.Microsoft.Subscriptions;
using PracticPro.Sandbox.Microsoft.ToDo;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>One method of the API: where it is, which scopes open it, what it does under the account's lock.</summary>
internal sealed record GraphMethod(string Verb, string Path, string[] Scopes, Func<GraphCall, GraphAnswer>? Run)
{
    /// <summary>For what must not hold the lock meanwhile.</summary>
    public Func<GraphCall, Task<GraphAnswer>>? RunUnlocked { get; init; }

    /// <summary>Below the version itself, not below a user.</summary>
    public bool IsGlobal { get; init; }

    public static GraphMethod Global(
        string verb, string path, string[] scopes, Func<GraphCall, Task<GraphAnswer>> run) =>
        new(verb, path, scopes, null) { RunUnlocked = run, IsGlobal = true };
}

/// <summary>The contents page of Graph, as far as it is here. Paths are below /me and below /users/{user} alike.</summary>
internal static class GraphMethods
{
    public static readonly IReadOnlyList<GraphMethod> All =
    [
        new("GET", "", GraphScopes.User, ProfileMethods.Get),
        new("POST", "/revokeSignInSessions", GraphScopes.User, ProfileMethods.RevokeSessions),

        new("GET", "/mailFolders", GraphScopes.ReadMail, FolderMethods.List),
        new("POST", "/mailFolders", GraphScopes.WriteMail, FolderMethods.Create),
        new("GET", "/mailFolders/delta", GraphScopes.ReadMail, FolderMethods.Delta),
        new("GET", "/mailFolders/{folder}", GraphScopes.ReadMail, FolderMethods.Get),
        new("GET", "/mailFolders/{folder}/childFolders", GraphScopes.ReadMail, FolderMethods.ListChildren),
        new("POST", "/mailFolders/{folder}/childFolders", GraphScopes.WriteMail, FolderMethods.Create),
        new("GET", "/mailFolders/{folder}/messages", GraphScopes.ReadMail, MessageMethods.ListFolder),
        new("GET", "/mailFolders/{folder}/messages/delta", GraphScopes.ReadMail, MessageMethods.Delta),

        new("GET", "/messages", GraphScopes.ReadMail, MessageMethods.List),
        new("POST", "/messages", GraphScopes.WriteMail, DraftMethods.Create),
        new("GET", "/messages/{message}", GraphScopes.ReadMail, MessageMethods.Get),
        new("PATCH", "/messages/{message}", GraphScopes.WriteMail, DraftMethods.Change),
        new("DELETE", "/messages/{message}", GraphScopes.WriteMail, DraftMethods.Delete),
        new("GET", "/messages/{message}/$value", GraphScopes.ReadBody, MessageMethods.GetBytes),
        new("POST", "/messages/{message}/move", GraphScopes.WriteMail, DraftMethods.Move),
        new("POST", "/messages/{message}/createReply", GraphScopes.WriteMail, DraftMethods.CreateReply),
        new("POST", "/messages/{message}/createReplyAll", GraphScopes.WriteMail, DraftMethods.CreateReplyAll),
        new("POST", "/messages/{message}/createForward", GraphScopes.WriteMail, DraftMethods.CreateForward),
        new("POST", "/messages/{message}/send", GraphScopes.SendMail, SendMethods.SendDraft),
        new("POST", "/sendMail", GraphScopes.SendMail, SendMethods.SendMail),

        new("GET", "/messages/{message}/attachments", GraphScopes.ReadBody, AttachmentMethods.List),
        new("POST", "/messages/{message}/attachments", GraphScopes.WriteMail, AttachmentMethods.Add),
        new("POST", "/messages/{message}/attachments/createUploadSession", GraphScopes.WriteMail,
            AttachmentMethods.BeginUpload),
        new("GET", "/messages/{message}/attachments/{attachment}", GraphScopes.ReadBody, AttachmentMethods.Get),
        new("DELETE", "/messages/{message}/attachments/{attachment}", GraphScopes.WriteMail, AttachmentMethods.Delete),
        new("GET", "/messages/{message}/attachments/{attachment}/$value", GraphScopes.ReadBody,
            AttachmentMethods.GetBytes),

        new("GET", "/calendars", GraphScopes.ReadCalendar, EventMethods.ListCalendars),
        new("GET", "/calendar", GraphScopes.ReadCalendar, EventMethods.GetCalendar),
        new("GET", "/calendarView", GraphScopes.ReadCalendar, EventMethods.View),
        new("GET", "/calendarView/delta", GraphScopes.ReadCalendar, CalendarViewDelta.Run),
        new("GET", "/calendars/{calendar}/calendarView/delta", GraphScopes.ReadCalendar, CalendarViewDelta.Run),
        new("GET", "/events", GraphScopes.ReadCalendar, EventMethods.List),
        new("POST", "/events", GraphScopes.WriteCalendar, EventMethods.Create),
        new("GET", "/events/{event}", GraphScopes.ReadCalendar, EventMethods.Get),
        new("PATCH", "/events/{event}", GraphScopes.WriteCalendar, EventMethods.Change),
        new("DELETE", "/events/{event}", GraphScopes.WriteCalendar, EventMethods.Delete),
        new("GET", "/events/{event}/instances", GraphScopes.ReadCalendar, EventMethods.Instances),

        new("GET", "/todo/lists", GraphScopes.ReadTasks, TodoMethods.ListLists),
        new("POST", "/todo/lists", GraphScopes.WriteTasks, TodoMethods.CreateList),
        new("GET", "/todo/lists/{list}/tasks", GraphScopes.ReadTasks, TodoMethods.List),
        new("POST", "/todo/lists/{list}/tasks", GraphScopes.WriteTasks, TodoMethods.Create),
        new("GET", "/todo/lists/{list}/tasks/{task}", GraphScopes.ReadTasks, TodoMethods.Get),
        new("PATCH", "/todo/lists/{list}/tasks/{task}", GraphScopes.WriteTasks, TodoMethods.Change),
        new("DELETE", "/todo/lists/{list}/tasks/{task}", GraphScopes.WriteTasks, TodoMethods.Delete),

        GraphMethod.Global("GET", "/subscriptions", [], SubscriptionMethods.List),
        GraphMethod.Global("POST", "/subscriptions", [], SubscriptionMethods.Create),
        GraphMethod.Global("GET", "/subscriptions/{subscription}", [], SubscriptionMethods.Get),
        GraphMethod.Global("PATCH", "/subscriptions/{subscription}", [], SubscriptionMethods.Renew),
        GraphMethod.Global("DELETE", "/subscriptions/{subscription}", [], SubscriptionMethods.Delete),
        GraphMethod.Global("POST", "/subscriptions/{subscription}/reauthorize", [], SubscriptionMethods.Reauthorize),
    ];
}
