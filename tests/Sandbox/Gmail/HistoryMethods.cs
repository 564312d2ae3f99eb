using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>users.history.list.</summary>
internal static class HistoryMethods
{
    private static readonly Dictionary<string, HistoryKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["messageAdded"] = HistoryKind.MessageAdded,
        ["messageDeleted"] = HistoryKind.MessageDeleted,
        ["labelAdded"] = HistoryKind.LabelAdded,
        ["labelRemoved"] = HistoryKind.LabelRemoved,
    };

    public static GmailAnswer List(GmailCall call)
    {
        if (HistoryId.Parse(call.Query("startHistoryId")) is not HistoryId start)
        {
            return GmailError.Invalid("Invalid value at 'start_history_id' (TYPE_UINT64)");
        }

        string?[] types = [.. call.QueryAll("historyTypes")];
        if (!Array.TrueForAll(types, type => type is not null && Kinds.ContainsKey(type)))
        {
            return GmailError.Invalid("Invalid value at 'history_types'");
        }

        if (call.PageSize() is not int size)
        {
            return GmailError.Invalid("Invalid value for maxResults.");
        }

        if (call.Mailbox.History.After(start) is not { } records)
        {
            return GmailError.NotFound();
        }

        // A page token is the last record's id; a page can only narrow what startHistoryId allows.
        HistoryId seen = HistoryId.Parse(call.Query("pageToken")) ?? start;
        string? label = call.Query("labelId");
        HistoryRecord[] page = [.. records
            .Where(record => record.Id > seen)
            .Where(record => types.Length == 0 || types.Any(type => Kinds[type!] == record.Kind))
            .Where(record => label is null || record.Message.Has(label) || record.Touched.Contains(label))
            .Take(size + 1)];
        return Answer(call.Mailbox, page, size);
    }

    private static JsonObject Answer(Mailbox mailbox, HistoryRecord[] page, int size)
    {
        var json = new JsonObject();
        if (page.Length > 0)
        {
            json["history"] = new JsonArray([.. page.Take(size).Select(HistoryJson.Write)]);
        }

        if (page.Length > size)
        {
            json["nextPageToken"] = page[size - 1].Id.ToString();
        }

        json["historyId"] = mailbox.History.Current.ToString();
        return json;
    }
}

/// <summary>A history record on the wire: "messages" repeats what the one list of its kind says.</summary>
internal static class HistoryJson
{
    public static JsonObject Write(HistoryRecord record)
    {
        var change = new JsonObject { ["message"] = MessageJson.WithLabels(record.Message) };
        if (record.Kind is HistoryKind.LabelAdded or HistoryKind.LabelRemoved)
        {
            change["labelIds"] = new JsonArray([.. record.Touched.Select(label => (JsonNode)label)]);
        }

        return new JsonObject
        {
            ["id"] = record.Id.ToString(),
            ["messages"] = new JsonArray(MessageJson.Reference(record.Message)),
            [ListName(record.Kind)] = new JsonArray(change),
        };
    }

    private static string ListName(HistoryKind kind) => kind switch
    {
        HistoryKind.MessageAdded => "messagesAdded",
        HistoryKind.MessageDeleted => "messagesDeleted",
        HistoryKind.LabelAdded => "labelsAdded",
        _ => "labelsRemoved",
    };
}
