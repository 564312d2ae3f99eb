using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Gmail;

/// <summary>Turns Gmail's message JSON into a <see cref="MailMessage"/>. Pure; survives any header a sender can make up.</summary>
internal static class EnvelopeReader
{
    public static MailMessage Read(
        ConnectionId connection, EmailAddress owner, GmailShapes.Message message)
    {
        var headers = message.Payload?.Headers ?? [];
        var labels = message.LabelIds ?? [];
        var direction = labels.Contains("SENT") ? Direction.Outbound : Direction.Inbound;
        var counterpart = CounterpartOf(headers, direction, owner);
        return new MailMessage(
            connection,
            MirrorKey.Mailbox,
            message.Id,
            message.ThreadId,
            MessageIdOf(message),
            Value(headers, "References").Trim(),
            direction,
            counterpart,
            HeaderText.Decode(Value(headers, "Subject")),
            ReceivedAt(message.InternalDate),
            [.. labels],
            MachineMail.Wrote(name => Value(headers, name), counterpart),
            message.SizeEstimate,
            Generation: 0);
    }

    public static string MessageIdOf(GmailShapes.Message message) =>
        Value(message.Payload?.Headers ?? [], "Message-ID").Trim();

    private static Correspondent? CounterpartOf(
        IReadOnlyList<GmailShapes.Header> headers, Direction direction, EmailAddress owner)
    {
        var named = direction == Direction.Inbound
            ? AddressHeader.Read(Value(headers, "Reply-To")).Concat(AddressHeader.Read(Value(headers, "From")))
            : AddressHeader.Read(Value(headers, "To")).Concat(AddressHeader.Read(Value(headers, "Cc")));
        return named.FirstOrDefault(person => person.Address != owner);
    }

    // Header names are compared without case; a repeated header counts once, the first time.
    private static string Value(IReadOnlyList<GmailShapes.Header> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value ?? "";
            }
        }

        return "";
    }

    private static DateTimeOffset ReceivedAt(string? internalDate) =>
        long.TryParse(internalDate, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds < 253_402_300_799_999 // The last instant a DateTimeOffset can hold.
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.UnixEpoch;
}
