using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Streams;
using FollowupFlagStatus = Microsoft.Graph.Models.FollowupFlagStatus;
using Message = Microsoft.Graph.Models.Message;
using Recipient = Microsoft.Graph.Models.Recipient;

namespace PracticPro.Sync.Outlook;

/// <summary>Turns Graph's message into the facts that are kept of every provider's mail. Pure; survives whatever people send.</summary>
internal static class OutlookEnvelope
{
    /// <summary>Null when it lacks what every message has.</summary>
    public static MailMessage? Read(Connection connection, StreamName stream, Message message)
    {
        if (message is not { Id: { Length: > 0 } id, ConversationId: { Length: > 0 } conversation, ReceivedDateTime: { } at })
        {
            return null;
        }

        // A letter of the practice's own stays one wherever it is filed.
        var direction = FolderRole.Of(stream).Role == FolderRole.Sent || Is(message.From, connection.Mailbox)
            ? Direction.Outbound
            : Direction.Inbound;
        var counterpart = CounterpartOf(message, direction, connection.Mailbox);
        return new MailMessage(
            connection.Id,
            stream,
            id,
            conversation,
            message.InternetMessageId?.Trim() ?? "",
            Header(message, "References").Trim(),
            direction,
            counterpart,
            HeaderText.Decode(message.Subject),
            at,
            FolderRole.LabelsOf(stream, message.IsRead ?? true, IsFlagged(message)),
            MachineMail.Wrote(name => Header(message, name), counterpart),
            SizeBytes: 0, // Graph does not tell it.
            Generation: 0);
    }

    /// <summary>A message that is known already, as a page of changes tells of it: the page may name what changed alone.</summary>
    public static MailMessage Renewed(MailMessage stored, StreamName stream, Message change) => stored with
    {
        Stream = stream,
        Labels = FolderRole.LabelsOf(
            stream,
            change.IsRead ?? !stored.Labels.Contains("UNREAD"),
            change.Flag is null ? stored.Labels.Contains("STARRED") : IsFlagged(change)),
    };

    private static bool IsFlagged(Message message) => message.Flag?.FlagStatus == FollowupFlagStatus.Flagged;

    private static Correspondent? CounterpartOf(Message message, Direction direction, Kernel.EmailAddress owner)
    {
        IEnumerable<Recipient> named = direction == Direction.Inbound
            ? [.. message.ReplyTo ?? [], .. message.From is { } from ? (Recipient[])[from] : []]
            : [.. message.ToRecipients ?? [], .. message.CcRecipients ?? []];
        return named.Select(Person).OfType<Correspondent>().FirstOrDefault(person => person.Address != owner);
    }

    private static Correspondent? Person(Recipient recipient) =>
        Kernel.EmailAddress.TryParse(recipient.EmailAddress?.Address?.Trim() ?? "", out var address)
            ? new Correspondent(address, NameOf(recipient, address))
            : null;

    // Graph repeats the address where there is no name.
    private static string NameOf(Recipient recipient, Kernel.EmailAddress address)
    {
        var name = HeaderText.Decode(recipient.EmailAddress?.Name);
        return name.Equals(address.Text, StringComparison.OrdinalIgnoreCase) ? "" : name;
    }

    private static bool Is(Recipient? recipient, Kernel.EmailAddress owner) =>
        Kernel.EmailAddress.TryParse(recipient?.EmailAddress?.Address?.Trim() ?? "", out var address) && address == owner;

    // Header names are compared without case; a repeated header counts once, the first time.
    private static string Header(Message message, string name) =>
        message.InternetMessageHeaders?
            .FirstOrDefault(header => name.Equals(header.Name, StringComparison.OrdinalIgnoreCase))?.Value ?? "";
}
