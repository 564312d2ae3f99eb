using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>Files on messages: listed, fetched, added under 3 MB, or through an upload session above that.</summary>
internal static class AttachmentMethods
{
    public const int LargestInline = 3 * 1024 * 1024;

    public static GraphAnswer List(GraphCall call) => MessageMethods.Asked(call) is OutlookMessage message
        ? call.Page(message.Letter.Attachments, file => Write(file, call.Select()))
        : GraphError.NotFound();

    public static GraphAnswer Get(GraphCall call) => Asked(call) is OutlookAttachment file
        ? Write(file, call.Select())
        : GraphError.NotFound();

    public static GraphAnswer GetBytes(GraphCall call) => Asked(call) is OutlookAttachment file
        ? GraphAnswer.Of(file.Content, file.ContentType)
        : GraphError.NotFound();

    public static GraphAnswer Add(GraphCall call)
    {
        if (MessageMethods.Asked(call) is not { IsDraft: true } draft)
        {
            return GraphError.NotFound();
        }

        OutlookAttachment file;
        try
        {
            file = Read(call.Body, NextKey(draft));
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidOperationException)
        {
            return GraphError.BadRequest("contentBytes is no base64.");
        }

        if (file.Content.Length >= LargestInline)
        {
            return new GraphError(413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.");
        }

        Put(call.Account, draft, file);
        return GraphAnswer.Created(Write(file, null));
    }

    public static GraphAnswer Delete(GraphCall call)
    {
        if (Asked(call) is not OutlookAttachment file)
        {
            return GraphError.NotFound();
        }

        OutlookMessage draft = MessageMethods.Asked(call)!;
        OutlookAttachment[] left = [.. draft.Letter.Attachments.Where(kept => kept.Key != file.Key)];
        Replace(call.Account, draft, draft.Letter with { Attachments = left, Raw = null });
        return GraphAnswer.Nothing;
    }

    public static GraphAnswer BeginUpload(GraphCall call)
    {
        if (MessageMethods.Asked(call) is not { IsDraft: true } draft
            || call.Body["AttachmentItem"] is not JsonObject item)
        {
            return GraphError.NotFound();
        }

        long size = (long?)item["size"] ?? 0;
        if (size is < LargestInline or > 150L * 1024 * 1024)
        {
            return GraphError.BadRequest("An upload session is for files of 3 MB to 150 MB.");
        }

        var upload = new Upload(call.Account, draft, (string?)item["name"] ?? "attachment",
            (string?)item["contentType"] ?? "application/octet-stream", new byte[size], call.Now.AddHours(1));
        string token = call.World.Uploads.Add(upload);
        return GraphAnswer.Created(new JsonObject
        {
            ["uploadUrl"] = $"{call.Request.Scheme}://{call.Request.Host}/outlook-upload/{token}",
            ["expirationDateTime"] = OutlookMessageJson.Time(upload.EndsAt),
            ["nextExpectedRanges"] = new JsonArray("0-"),
        });
    }

    public static OutlookAttachment Read(JsonObject body, string key) => new(
        key, (string?)body["name"] ?? "attachment", (string?)body["contentType"] ?? "application/octet-stream",
        (bool?)body["isInline"] ?? false, Convert.FromBase64String((string?)body["contentBytes"] ?? ""));

    public static string NextKey(OutlookMessage draft) =>
        "AAMkAtt-" + (draft.Letter.Attachments.Count + draft.Revision).ToString(CultureInfo.InvariantCulture);

    public static void Put(OutlookAccount account, OutlookMessage draft, OutlookAttachment file) =>
        Replace(account, draft, draft.Letter with { Attachments = [.. draft.Letter.Attachments, file], Raw = null });

    private static void Replace(OutlookAccount account, OutlookMessage draft, OutlookLetter letter) =>
        account.Mail.Change(draft, message => message.Text = new Lazy<OutlookLetter>(letter), "hasAttachments");

    private static OutlookAttachment? Asked(GraphCall call) => MessageMethods.Asked(call)?.Letter.Attachments
        .FirstOrDefault(file => file.Key == call.Route("attachment"));

    private static JsonObject Write(OutlookAttachment file, IReadOnlyList<string>? select)
    {
        var json = new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.fileAttachment",
            ["id"] = file.Key,
            ["name"] = file.Name,
            ["contentType"] = file.ContentType,
            ["size"] = file.Content.Length,
            ["isInline"] = file.IsInline,
        };
        if (select?.Contains("contentBytes") != false)
        {
            json["contentBytes"] = Convert.ToBase64String(file.Content);
        }

        return json;
    }
}
