using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// A message as the API writes it. Headers come only when they are selected, and only from a single message.
/// </summary>
internal static class OutlookMessageJson
{
    public static readonly string[] BodyNames = ["body", "bodyPreview", "uniqueBody"];

    private const string HeaderName = "internetMessageHeaders";

    private static readonly Dictionary<string, Func<GraphCall, OutlookMessage, JsonNode?>> Properties =
        new(StringComparer.OrdinalIgnoreCase)
    {
        ["createdDateTime"] = (_, message) => Time(message.CreatedAt),
        ["lastModifiedDateTime"] = (_, message) => Time(message.ModifiedAt),
        ["changeKey"] = (_, message) => message.ChangeKey,
        ["categories"] = (_, message) => new JsonArray([.. message.Categories.Select(name => (JsonNode)name)]),
        ["receivedDateTime"] = (_, message) => Time(message.ReceivedAt),
        ["sentDateTime"] = (_, message) => Time(message.ReceivedAt),
        ["hasAttachments"] = (_, message) => message.Letter.Attachments.Any(file => !file.IsInline),
        ["internetMessageId"] = (_, message) => message.Letter.MessageId is { } id ? $"<{id}>" : null,
        ["subject"] = (_, message) => message.Letter.Subject,
        ["bodyPreview"] = (_, message) => message.Letter.Preview(),
        ["importance"] = (_, message) => message.Letter.Importance,
        ["parentFolderId"] = (_, message) => message.Folder.Key,
        ["conversationId"] = (_, message) => message.Conversation,
        ["conversationIndex"] = (_, message) =>
            Convert.ToBase64String(BitConverter.GetBytes(message.ReceivedAt.UtcTicks)),
        ["isDeliveryReceiptRequested"] = (_, _) => false,
        ["isReadReceiptRequested"] = (_, _) => false,
        ["isRead"] = (_, message) => message.IsRead,
        ["isDraft"] = (_, message) => message.IsDraft,
        ["webLink"] = (_, message) =>
            $"https://outlook.office365.com/owa/?ItemID={Uri.EscapeDataString(message.Key.Rest)}&exvsurl=1",
        ["inferenceClassification"] = (_, _) => "focused",
        ["body"] = (_, message) => new JsonObject
        {
            ["contentType"] = message.Letter.Body.ContentType,
            ["content"] = message.Letter.Body.Content,
        },
        ["sender"] = (_, message) => Recipient(message.Letter.Sender),
        ["from"] = (_, message) => Recipient(message.Letter.From),
        ["toRecipients"] = (_, message) => Recipients(message.Letter.To),
        ["ccRecipients"] = (_, message) => Recipients(message.Letter.Cc),
        ["bccRecipients"] = (_, message) => Recipients(message.Letter.Bcc),
        ["replyTo"] = (_, message) => Recipients(message.Letter.ReplyTo),
        ["flag"] = (_, message) => new JsonObject { ["flagStatus"] = message.Flag },
    };

    /// <summary>The selected name that no message has, or null.</summary>
    public static GraphError? Unknown(IReadOnlyList<string>? select)
    {
        string? stranger = select?.FirstOrDefault(name => name is not ("id" or HeaderName or "uniqueBody")
            && !Properties.ContainsKey(name));
        return stranger is null
            ? null
            : GraphError.BadRequest($"Could not find a property named '{stranger}' on type 'microsoft.graph.message'.");
    }

    /// <summary>A message of a list or alone; without a selection everything but the headers.</summary>
    public static JsonObject Write(
        GraphCall call, OutlookMessage message, IReadOnlyList<string>? select, bool isAlone = false)
    {
        JsonObject json = Bare(call, message);
        foreach ((string name, Func<GraphCall, OutlookMessage, JsonNode?> read) in Properties)
        {
            bool isWanted = select is null || select.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (isWanted && (call.MayReadBodies || !BodyNames.Contains(name)))
            {
                json[name] = read(call, message);
            }
        }

        if (isAlone && select?.Contains(HeaderName, StringComparer.OrdinalIgnoreCase) == true)
        {
            json[HeaderName] = new JsonArray([.. message.Letter.Headers.Select(field =>
                new JsonObject { ["name"] = field.Key, ["value"] = field.Value })]);
        }

        return json;
    }

    /// <summary>Only what changed after a revision.</summary>
    public static JsonObject Changed(GraphCall call, OutlookMessage message, IReadOnlyList<string>? select, long since)
    {
        JsonObject json = Bare(call, message);
        foreach (string name in message.Touched.Where(touch => touch.Value > since).Select(touch => touch.Key)
            .Where(name => select is null || select.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            json[name] = Properties[name](call, message);
        }

        return json;
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static JsonObject? Recipient(MailAddress? address) => address is MailAddress known
        ? new JsonObject
        {
            ["emailAddress"] = new JsonObject
            {
                ["name"] = known.Name.Length > 0 ? known.Name : known.Address,
                ["address"] = known.Address,
            },
        }
        : null;

    private static JsonArray Recipients(IEnumerable<MailAddress> addresses) =>
        [.. addresses.Select(address => Recipient(address))];

    private static JsonObject Bare(GraphCall call, OutlookMessage message) => new()
    {
        ["@odata.etag"] = message.ETag,
        ["id"] = call.IdOf(message.Key),
    };
}
