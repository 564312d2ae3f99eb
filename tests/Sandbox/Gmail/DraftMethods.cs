using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>users.drafts.list, get, create, update, delete.</summary>
internal static class DraftMethods
{
    public static GmailAnswer List(GmailCall call)
    {
        (IReadOnlyList<StoredMessage> found, GmailError? error) = MessageFilter.Apply(call);
        if (error is not null)
        {
            return error;
        }

        (DraftId Id, StoredMessage Message)[] drafts =
            [.. call.Mailbox.Drafts.All.Where(draft => found.Contains(draft.Message))];
        if (call.PageSize() is not int size
            || MessagePage.From(drafts.Select(draft => draft.Message), call.Query("pageToken")) is not { } behind)
        {
            return GmailError.Invalid("Invalid pageToken or maxResults");
        }

        HashSet<StoredMessage> open = [.. behind];
        (DraftId Id, StoredMessage Message)[] page =
            [.. drafts.Where(draft => open.Contains(draft.Message)).Take(size)];
        var json = new JsonObject();
        if (page.Length > 0)
        {
            json["drafts"] = new JsonArray(
                [.. page.Select(draft => Draft(draft.Id, MessageJson.Reference(draft.Message)))]);
        }

        if (open.Count > size)
        {
            json["nextPageToken"] = MessagePage.TokenAfter(page[^1].Message);
        }

        json["resultSizeEstimate"] = drafts.Length;
        return json;
    }

    public static GmailAnswer Get(GmailCall call)
    {
        (MessageFormat format, GmailError? error) = MessageMethods.FormatOf(call);
        if (error is not null)
        {
            return error;
        }

        return Asked(call) is (DraftId id, StoredMessage message)
            ? Draft(id, MessageMethods.Write(call, message, format))
            : GmailError.NotFound();
    }

    public static GmailAnswer Create(GmailCall call)
    {
        (CorpusMessage? mail, ThreadId? thread, GmailError? error) = Read(call);
        if (mail is null)
        {
            return error!;
        }

        DraftId id = call.Mailbox.Drafts.Create(mail, thread);
        return Draft(id, MessageJson.WithLabels(call.Mailbox.Drafts.Find(id)!));
    }

    public static GmailAnswer Update(GmailCall call)
    {
        (CorpusMessage? mail, ThreadId? thread, GmailError? error) = Read(call);
        if (mail is null)
        {
            return error!;
        }

        return Asked(call) is (DraftId id, _)
            ? Draft(id, MessageJson.WithLabels(call.Mailbox.Drafts.Update(id, mail, thread)))
            : GmailError.NotFound();
    }

    public static GmailAnswer Delete(GmailCall call)
    {
        if (Asked(call) is not (DraftId id, _))
        {
            return GmailError.NotFound();
        }

        call.Mailbox.Drafts.Delete(id);
        return GmailAnswer.Nothing;
    }

    private static (DraftId Id, StoredMessage Message)? Asked(GmailCall call) =>
        DraftId.Parse(call.Route("id")) is DraftId id && call.Mailbox.Drafts.Find(id) is StoredMessage message
            ? (id, message)
            : null;

    private static (CorpusMessage? Mail, ThreadId? Thread, GmailError? Error) Read(GmailCall call)
    {
        if (JsonBody.Unknown(call.Body, "id", "message") is GmailError stranger)
        {
            return (null, null, stranger);
        }

        (byte[] raw, ThreadId? thread, GmailError? error) = JsonBody.Mail(call.Mailbox, call.Body["message"]);
        return error is null ? (MailFolder.Message("draft", raw), thread, null) : (null, null, error);
    }

    private static JsonObject Draft(DraftId id, JsonObject message) =>
        new() { ["id"] = id.ToString(), ["message"] = message };
}
