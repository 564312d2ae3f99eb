using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Mail;

namespace PracticPro.Sandbox.Microsoft.ToDo;

/// <summary>
/// Microsoft To Do: lists and tasks. Creating is not idempotent; what a client hangs on a task as a linked resource or
/// an open extension comes back when it is expanded.
/// </summary>
internal static class TodoMethods
{
    private static readonly string[] Expandable = ["linkedResources", "extensions", "checklistItems"];

    private static readonly string[] Writable =
    [
        "title", "body", "status", "importance", "isReminderOn", "reminderDateTime", "dueDateTime", "startDateTime",
        "completedDateTime", "categories", "recurrence", "@odata.type", .. Expandable,
    ];

    public static GraphAnswer ListLists(GraphCall call) => call.Page(call.Account.Tasks.Lists, Write);

    public static GraphAnswer CreateList(GraphCall call) => (string?)call.Body["displayName"] is { Length: > 0 } name
        ? GraphAnswer.Created(Write(call.Account.Tasks.AddList(name)))
        : GraphError.InvalidRequest("displayName is required.");

    public static GraphAnswer List(GraphCall call) => AskedList(call) is TodoList list
        ? call.Page(list.Tasks, task => Write(call, task))
        : NotFound();

    public static GraphAnswer Get(GraphCall call) =>
        Asked(call) is TodoTask task ? Write(call, task) : NotFound();

    public static GraphAnswer Create(GraphCall call)
    {
        if (AskedList(call) is not TodoList list)
        {
            return NotFound();
        }

        if (Problem(call.Body) is GraphError problem)
        {
            return problem;
        }

        return call.Body.ContainsKey("title")
            ? GraphAnswer.Created(Write(call, call.Account.Tasks.Add(list, call.Body.DeepClone().AsObject())))
            : GraphError.InvalidRequest("title is required.");
    }

    public static GraphAnswer Change(GraphCall call)
    {
        if (Asked(call) is not TodoTask task)
        {
            return NotFound();
        }

        if (Problem(call.Body) is GraphError problem)
        {
            return problem;
        }

        if (call.IfMatch is string expected && expected != task.ETag)
        {
            return new GraphError(412, "PreconditionFailed", "The change key does not match.");
        }

        call.Account.Tasks.Change(task, call.Body);
        return Write(call, task);
    }

    public static GraphAnswer Delete(GraphCall call)
    {
        if (Asked(call) is not TodoTask task)
        {
            return NotFound();
        }

        AskedList(call)!.Tasks.Remove(task);
        call.Account.NextRevision();
        return GraphAnswer.Nothing;
    }

    private static GraphError NotFound() => new(404, "itemNotFound", "Invalid task or list.");

    private static GraphError? Problem(JsonObject body) =>
        body.Select(member => member.Key).FirstOrDefault(name => !Writable.Contains(name)) is string stranger
            ? GraphError.UnknownProperty(stranger)
            : null;

    private static TodoList? AskedList(GraphCall call) => call.Account.Tasks.Find(call.Route("list"));

    private static TodoTask? Asked(GraphCall call) =>
        AskedList(call)?.Tasks.Find(task => task.Key == call.Route("task"));

    private static JsonObject Write(TodoList list) => new()
    {
        ["@odata.etag"] = OutlookAccount.ETagOf(list.Key[..12]),
        ["displayName"] = list.DisplayName,
        ["isOwner"] = true,
        ["isShared"] = false,
        ["wellknownListName"] = list.WellKnown,
        ["id"] = list.Key,
    };

    private static JsonObject Write(GraphCall call, TodoTask task)
    {
        var json = new JsonObject
        {
            ["@odata.etag"] = task.ETag,
            ["importance"] = "normal",
            ["isReminderOn"] = false,
            ["status"] = "notStarted",
            ["createdDateTime"] = OutlookMessageJson.Time(task.CreatedAt),
            ["lastModifiedDateTime"] = OutlookMessageJson.Time(task.ModifiedAt),
            ["hasAttachments"] = false,
            ["categories"] = new JsonArray(),
            ["body"] = new JsonObject { ["content"] = "", ["contentType"] = "text" },
        };
        foreach ((string name, JsonNode? value) in task.Words)
        {
            if (name != "@odata.type" && (!Expandable.Contains(name) || call.Expands(name)))
            {
                json[name] = value?.DeepClone();
            }
        }

        json["id"] = task.Key;
        return json;
    }
}
