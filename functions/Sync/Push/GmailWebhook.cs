using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.Push;

/// <summary>A Pub/Sub push about a Gmail mailbox: the signed token is checked, then the body is read for the mailbox's address.</summary>
internal sealed class GmailWebhook(PushProof proof) : IWebhook
{
    private const int LongestId = 80;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Provider Provider => GmailConnector.Name;

    public async Task<WebhookVerdict> ProveAsync(WebhookRequest request, CancellationToken cancellation)
    {
        var proven = await proof.CheckAsync(request.Headers.GetValueOrDefault("Authorization"), cancellation);
        return !proven.Try(out _, out var why) ? new WebhookVerdict.Refused(why)
            : Read(request.Body) is { } note ? new WebhookVerdict.Proven([note])
            : new WebhookVerdict.Refused(new SyncFailures.PushMalformed());
    }

    private static WebhookNote? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var message = JsonSerializer.Deserialize<Envelope>(body.Span, Json)?.Message;
            if (message is not { Data.Length: > 0, MessageId.Length: > 0 and <= LongestId }
                || !message.MessageId.All(char.IsAsciiLetterOrDigit))
            {
                return null;
            }

            // Pub/Sub writes the standard alphabet; some emulators the other one. Both are read.
            var data = Base64Url.DecodeFromChars(message.Data.Replace('+', '-').Replace('/', '_'));
            var notification = JsonSerializer.Deserialize<GmailShapes.Notification>(data, Json);
            return EmailAddress.TryParse(notification?.EmailAddress, out var mailbox)
                ? new WebhookNote(new NoteAddress.Account(mailbox.Normalised), WebhookNote.KeyOf(message.MessageId, PublishedAt(message)), body)
                : null;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The server sets it when it is given the message: however often it is sent, it is the same (PubsubMessage.publishTime).</summary>
    private static DateTimeOffset? PublishedAt(Message message) =>
        DateTimeOffset.TryParse(message.PublishTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private sealed record Envelope(Message? Message);

    private sealed record Message(string? Data, string? MessageId, string? PublishTime);
}
