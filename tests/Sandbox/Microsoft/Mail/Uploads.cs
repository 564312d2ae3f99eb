using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>A large file on its way to a draft, in ranges that follow each other.</summary>
internal sealed class Upload(
    OutlookAccount account, OutlookMessage draft, string name, string contentType, byte[] content, DateTimeOffset endsAt)
{
    public OutlookAccount Account => account;

    public DateTimeOffset EndsAt => endsAt;

    public byte[] Content => content;

    public int Received { get; set; }

    public bool IsWhole => Received == content.Length;

    /// <summary>Hangs the file on the draft.</summary>
    public OutlookAttachment Finish()
    {
        var file = new OutlookAttachment(AttachmentMethods.NextKey(draft), name, contentType, false, content);
        AttachmentMethods.Put(account, draft, file);
        return file;
    }
}

/// <summary>
/// The upload sessions. The address is the permission: whoever knows it needs no token, and one that is sent along
/// belongs to another service.
/// </summary>
internal sealed partial class Uploads(Seeded made)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Upload> _uploads = new(StringComparer.Ordinal);

    public string Add(Upload upload)
    {
        lock (_gate)
        {
            string token = made.Token(30);
            _uploads.Add(token, upload);
            return token;
        }
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapPut("/outlook-upload/{token}", async (HttpContext context) =>
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        IResult answer = Take((string)context.Request.RouteValues["token"]!, context.Request, buffer.ToArray());
        await answer.ExecuteAsync(context);
    });

    public void Clear()
    {
        lock (_gate)
        {
            _uploads.Clear();
        }
    }

    private IResult Take(string token, HttpRequest request, byte[] bytes)
    {
        Upload? upload;
        lock (_gate)
        {
            upload = _uploads.GetValueOrDefault(token);
        }

        if (upload is null || upload.EndsAt <= upload.Account.Clock.GetUtcNow())
        {
            return Results.NotFound();
        }

        Match range = ContentRange().Match(request.Headers.ContentRange.ToString());
        lock (upload.Account.Gate)
        {
            if (!range.Success || Number(range, 1) != upload.Received || Number(range, 3) != upload.Content.Length
                || Number(range, 2) != upload.Received + bytes.Length - 1)
            {
                return Answers.Json(
                    new GraphError(416, "InvalidRange", "The range does not follow the last one.").ToJson(
                        Names.GuidOf(token), null, upload.Account.Clock.GetUtcNow()), 416);
            }

            bytes.CopyTo(upload.Content, upload.Received);
            upload.Received += bytes.Length;
            if (!upload.IsWhole)
            {
                return Answers.Json(new JsonObject
                {
                    ["expirationDateTime"] = OutlookMessageJson.Time(upload.EndsAt),
                    ["nextExpectedRanges"] = new JsonArray($"{upload.Received}-"),
                });
            }

            OutlookAttachment file = upload.Finish();
            lock (_gate)
            {
                _uploads.Remove(token);
            }

            return Results.Created($"/attachments/{file.Key}", null);
        }
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^bytes (\d{1,12})-(\d{1,12})/(\d{1,12})$")]
    private static partial Regex ContentRange();
}
