using System.Buffers.Text;
using System.Text.Json;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Vault;

namespace PracticPro.Sync.Push;

/// <summary>
/// Takes a Pub/Sub push: verified before it is read, de-duplicated, and durably queued before it is acknowledged. It is
/// a hint and nothing more: what changed is asked of the provider. A push for a mailbox nobody has connected is
/// acknowledged and dropped, so that it is not sent again for a week.
/// </summary>
internal sealed class ReceiveGmailPush(
    PushProof proof, IFleet fleet, PlatformKeys platform, TenantScopes scopes, SyncMeter meter)
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

        var entry = await fleet.FindAsync(MailboxDirectory.KeyOf(platform, push.Mailbox), cancellation);
        if (entry is null)
        {
            meter.PushForNobody();
            return Done.Value;
        }

        if (await NudgeAsync(entry.Value, push.Id, cancellation))
        {
            meter.PushTaken();
        }
        else
        {
            meter.PushForNobody();
        }

        return Done.Value;
    }

    /// <summary>False when the connection has no loop: what came in is fetched when it is connected again.</summary>
    private async Task<bool> NudgeAsync(FleetEntry entry, string pushId, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(entry.Tenant, cancellation);
        var connection = await scope.FindAsync(SyncKinds.Connection, entry.Reference, cancellation);
        if (connection?.Value.State != ConnectionState.Active)
        {
            return false;
        }

        var instance = KeepMailboxInStep.InstanceOf(entry.Tenant, connection.Value);
        await scope.CommitAsync(
            [WorkflowOutbox.Raise(instance, KeepMailboxInStep.Nudge, Done.Value, $"push.{pushId}")], cancellation);
        return true;
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
