using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>users.labels.list and get.</summary>
internal static class LabelMethods
{
    public static GmailAnswer List(GmailCall call)
    {
        IEnumerable<JsonObject> system = Labels.System.Select(label => Label(label, label, "system"));
        IEnumerable<JsonObject> own = call.Mailbox.UserLabels.Select(label => Label(label.Key, label.Value, "user"));
        return new JsonObject { ["labels"] = new JsonArray([.. system.Concat(own)]) };
    }

    public static GmailAnswer Get(GmailCall call)
    {
        string id = call.Route("id");
        if (!call.Mailbox.KnowsLabel(id))
        {
            return GmailError.NotFound();
        }

        JsonObject label = call.Mailbox.UserLabels.TryGetValue(id, out string? name)
            ? Label(id, name, "user")
            : Label(id, id, "system");
        StoredMessage[] members = [.. call.Mailbox.NewestToOldest.Where(message => message.Has(id))];
        StoredMessage[] unread = [.. members.Where(message => message.Has(Labels.Unread))];
        label["messagesTotal"] = members.Length;
        label["messagesUnread"] = unread.Length;
        label["threadsTotal"] = members.DistinctBy(message => message.Thread).Count();
        label["threadsUnread"] = unread.DistinctBy(message => message.Thread).Count();
        return label;
    }

    private static JsonObject Label(string id, string name, string type) =>
        new() { ["id"] = id, ["name"] = name, ["type"] = type };
}
