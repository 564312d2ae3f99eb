using System.Buffers.Text;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Vault;

namespace PracticPro.Sync.Push;

/// <summary>
/// Takes a Pub/Sub push: verified before it is read, de-duplicated, and durably queued before it is acknowledged. It is
/// a hint and nothing more: what changed is asked of the provider. A push for a mailbox nobody has connected is
/// acknowledged and dropped, so that it is not sent again for a week. While store or keys cannot be used, a push is kept in the
/// buffer, where there is one, and carried later.
/// </summary>
internal sealed class ReceiveGmailPush(
    PushProof proof, PlatformKeys platform, NudgeMailbox nudge, IWebhookBuffer buffer, SyncMeter meter)
{
    // Pub/Sub's ids are some twenty digits; this is what fits an order's id.
    private const int LongestId = 80;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<Outcome<Done>> RunAsync(
        string? authorization, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var proven = await proof.CheckAsync(authorization, cancellation);
        if (!proven.Try(out _, out var why))
        {
            meter.PushRefused(why.Code);
            return why;
        }

        if (Read(body) is not { } push)
        {
            meter.PushRefused("push-malformed");
            return new SyncFailures.PushMalformed();
        }

        var mailbox = await AccountDirectory.HashAsync(platform, GmailConnector.Name, push.Mailbox.Normalised, cancellation);
        try
        {
            await nudge.RunAsync(mailbox, push.Id, cancellation);
        }
        catch (Exception away) when (NudgeMailbox.IsAway(away))
        {
            // Acknowledged only when somebody has it: without a buffer the provider sends it again.
            if (!await buffer.KeepAsync(
                BufferedWebhook.Of(CarryBufferedPush.Gmail, mailbox, push.Id), TimeSpan.Zero, cancellation))
            {
                throw;
            }

            meter.PushBuffered();
        }

        return Done.Value;
    }

    private static Push? Read(ReadOnlyMemory<byte> body)
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
            return EmailAddress.TryParse(notification?.EmailAddress, out var mailbox) ? new Push(mailbox, message.MessageId) : null;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed record Push(EmailAddress Mailbox, string Id);

    private sealed record Envelope(Message? Message);

    private sealed record Message(string? Data, string? MessageId);
}
