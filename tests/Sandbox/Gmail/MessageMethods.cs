using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>Reading messages: users.messages.list, get and attachments.get.</summary>
internal static class MessageMethods
{
    public static GmailAnswer List(GmailCall call)
    {
        (IReadOnlyList<StoredMessage> found, GmailError? error) = MessageFilter.Apply(call);
        if (error is not null)
        {
            return error;
        }

        if (call.PageSize() is not int size)
        {
            return GmailError.Invalid("Invalid value for maxResults.");
        }

        if (MessagePage.From(found, call.Query("pageToken"))?.Take(size + 1).ToArray() is not { } page)
        {
            return GmailError.Invalid("Invalid pageToken");
        }

        var json = new JsonObject();
        if (page.Length > 0)
        {
            json["messages"] = new JsonArray([.. page.Take(size).Select(MessageJson.Reference)]);
        }

        if (page.Length > size)
        {
            json["nextPageToken"] = MessagePage.TokenAfter(page[size - 1]);
        }

        json["resultSizeEstimate"] = found.Count;
        return json;
    }

    public static GmailAnswer Get(GmailCall call)
    {
        (MessageFormat format, GmailError? error) = FormatOf(call);
        if (error is not null)
        {
            return error;
        }

        return call.Message is StoredMessage message ? Write(call, message, format) : GmailError.NotFound();
    }

    public static JsonObject Write(GmailCall call, StoredMessage message, MessageFormat format) =>
        MessageJson.Write(message, format, [.. call.QueryAll("metadataHeaders")], call.Mailbox.Made);

    /// <summary>The format asked for, checked against the grant: gmail.metadata never sees a body.</summary>
    public static (MessageFormat Format, GmailError? Error) FormatOf(GmailCall call)
    {
        string name = call.Query("format") ?? "full";
        if (!Enum.TryParse(name, ignoreCase: true, out MessageFormat format) || int.TryParse(name, out _))
        {
            return (default, GmailError.Invalid("Invalid value for format."));
        }

        return call.MetadataOnly && format is (MessageFormat.Full or MessageFormat.Raw)
            ? (format, GmailError.MetadataScope($"Metadata scope doesn't allow format {name.ToUpperInvariant()}"))
            : (format, null);
    }

    public static GmailAnswer GetAttachment(GmailCall call)
    {
        if (call.Message is not StoredMessage message)
        {
            return GmailError.NotFound();
        }

        string? partId = AttachmentId.PartOf(call.Route("attachment"));
        MimePart? part = MimeReader.Read(message.Raw).Walk().FirstOrDefault(node => node.PartId == partId);
        if (part is null || !part.IsAttachment)
        {
            return GmailError.Invalid("Invalid attachment token");
        }

        byte[] content = MessageJson.Content(part);
        return new JsonObject { ["size"] = content.Length, ["data"] = MessageJson.Base64(content) };
    }
}
