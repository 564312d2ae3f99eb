using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.ToDo;

/// <summary>One task. Its words are kept as the API writes them.</summary>
internal sealed class TodoTask(string key, DateTimeOffset createdAt)
{
    public string Key => key;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset ModifiedAt { get; set; } = createdAt;

    public JsonObject Words { get; set; } = [];

    public long Revision { get; set; }

    public string ETag => OutlookAccount.ETagOf(OutlookAccount.ChangeKeyOf(Revision));
}

/// <summary>A list of tasks.</summary>
internal sealed class TodoList(string key, string displayName, string wellKnown)
{
    public string Key => key;

    public string DisplayName => displayName;

    /// <summary>defaultList or none.</summary>
    public string WellKnown => wellKnown;

    public List<TodoTask> Tasks { get; } = [];
}

/// <summary>The task lists of an account; one is always there.</summary>
internal sealed class TodoBox(OutlookAccount account)
{
    private readonly List<TodoList> _lists =
        [new TodoList("AQMkADTask" + account.Made.For("tasks").Token(30) + "=", "Tasks", "defaultList")];

    public IReadOnlyList<TodoList> Lists => _lists;

    public TodoList? Find(string name) => _lists.Find(list => list.Key == name);

    public TodoList AddList(string name)
    {
        var list = new TodoList(account.NewRestKey(), name, "none");
        account.NextRevision();
        _lists.Add(list);
        return list;
    }

    public TodoTask Add(TodoList list, JsonObject words)
    {
        var task = new TodoTask(account.NewRestKey(), account.Clock.GetUtcNow())
        {
            Words = words,
            Revision = account.NextRevision(),
        };
        list.Tasks.Add(task);
        return task;
    }

    public void Change(TodoTask task, JsonObject words)
    {
        JsonObject changed = task.Words.DeepClone().AsObject();
        foreach ((string name, JsonNode? value) in words)
        {
            changed[name] = value?.DeepClone();
        }

        task.Words = changed;
        task.ModifiedAt = account.Clock.GetUtcNow();
        task.Revision = account.NextRevision();
    }
}
