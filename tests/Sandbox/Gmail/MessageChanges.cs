namespace PracticPro.Sandbox.Gmail;

/// <summary>Changing messages: modify, batchModify, trash, untrash, delete.</summary>
internal static class MessageChanges
{
    private const int MostLabels = 100;
    private const int MostIds = 1_000;

    public static GmailAnswer Modify(GmailCall call)
    {
        GmailError? bad = JsonBody.Unknown(call.Body, "addLabelIds", "removeLabelIds") ?? CheckLabels(call);
        if (bad is not null)
        {
            return bad;
        }

        if (call.Message is not StoredMessage message)
        {
            return GmailError.NotFound();
        }

        Relabel(call, message);
        return MessageJson.WithLabels(message);
    }

    /// <summary>Ids that are not there are passed over, as Gmail does.</summary>
    public static GmailAnswer BatchModify(GmailCall call)
    {
        IReadOnlyList<string> ids = JsonBody.Texts(call.Body, "ids");
        GmailError? bad = JsonBody.Unknown(call.Body, "ids", "addLabelIds", "removeLabelIds") ?? CheckLabels(call)
            ?? (ids.Count is 0 or > MostIds ? GmailError.Invalid("Invalid number of ids") : null);
        if (bad is not null)
        {
            return bad;
        }

        foreach (string id in ids)
        {
            if (call.Mailbox.Find(MessageId.Parse(id)) is StoredMessage message)
            {
                Relabel(call, message);
            }
        }

        return GmailAnswer.Nothing;
    }

    /// <summary>Trashing is a label, not a deletion: history says labelsAdded.</summary>
    public static GmailAnswer Trash(GmailCall call)
    {
        if (call.Message is not StoredMessage message)
        {
            return GmailError.NotFound();
        }

        call.Mailbox.AddLabels(message, [Labels.Trash]);
        call.Mailbox.RemoveLabels(message, [Labels.Inbox]);
        return MessageJson.WithLabels(message);
    }

    public static GmailAnswer Untrash(GmailCall call)
    {
        if (call.Message is not StoredMessage message)
        {
            return GmailError.NotFound();
        }

        call.Mailbox.RemoveLabels(message, [Labels.Trash]);
        return MessageJson.WithLabels(message);
    }

    public static GmailAnswer Delete(GmailCall call)
    {
        if (call.Message is not StoredMessage message)
        {
            return GmailError.NotFound();
        }

        call.Mailbox.Drafts.Forget(message);
        call.Mailbox.Delete(message);
        return GmailAnswer.Nothing;
    }

    private static void Relabel(GmailCall call, StoredMessage message)
    {
        call.Mailbox.AddLabels(message, JsonBody.Texts(call.Body, "addLabelIds"));
        call.Mailbox.RemoveLabels(message, JsonBody.Texts(call.Body, "removeLabelIds"));
    }

    private static GmailError? CheckLabels(GmailCall call)
    {
        string[] labels = [.. JsonBody.Texts(call.Body, "addLabelIds"), .. JsonBody.Texts(call.Body, "removeLabelIds")];
        if (labels.Length is 0 or > MostLabels * 2)
        {
            return GmailError.Invalid("No label add or removes specified");
        }

        string? wrong = Array.Find(labels, label => Labels.IsFixed(label) || !call.Mailbox.KnowsLabel(label));
        return wrong is null ? null : GmailError.Invalid($"Invalid label: {wrong}");
    }
}
