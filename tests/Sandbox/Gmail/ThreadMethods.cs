using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>users.threads.list and get.</summary>
internal static class ThreadMethods
{
    /// <summary>Threads by their newest matching message.</summary>
    public static GmailAnswer List(GmailCall call)
    {
        (IReadOnlyList<StoredMessage> found, GmailError? error) = MessageFilter.Apply(call);
        if (error is not null)
        {
            return error;
        }

        StoredMessage[] newest = [.. found.DistinctBy(message => message.Thread)];
        if (call.PageSize() is not int size
            || MessagePage.From(newest, call.Query("pageToken"))?.Take(size + 1).ToArray() is not { } page)
        {
            return GmailError.Invalid("Invalid pageToken or maxResults");
        }

        var json = new JsonObject();
        if (page.Length > 0)
        {
            json["threads"] = new JsonArray([.. page.Take(size).Select(message => Summary(call.Mailbox, message))]);
        }

        if (page.Length > size)
        {
            json["nextPageToken"] = MessagePage.TokenAfter(page[size - 1]);
        }

        json["resultSizeEstimate"] = newest.Length;
        return json;
    }

    /// <summary>All messages of a thread, oldest first.</summary>
    public static GmailAnswer Get(GmailCall call)
    {
        (MessageFormat format, GmailError? error) = MessageMethods.FormatOf(call);
        error ??= format == MessageFormat.Raw ? GmailError.Invalid("Invalid value for format.") : null;
        if (error is not null)
        {
            return error;
        }

        if (ThreadId.Parse(call.Route("id")) is not ThreadId id
            || !call.Mailbox.Threads.TryGetValue(id, out List<StoredMessage>? members))
        {
            return GmailError.NotFound();
        }

        return new JsonObject
        {
            ["id"] = id.ToString(),
            ["historyId"] = members.Max(message => message.History).ToString(),
            ["messages"] = new JsonArray([.. members.OrderBy(message => message.InternalDate)
                .Select(message => MessageMethods.Write(call, message, format))]),
        };
    }

    private static JsonObject Summary(Mailbox mailbox, StoredMessage newest) => new()
    {
        ["id"] = newest.Thread.ToString(),
        ["snippet"] = Snippet.Of(MimeReader.Read(newest.Raw)),
        ["historyId"] = mailbox.Threads[newest.Thread].Max(message => message.History).ToString(),
    };
}
