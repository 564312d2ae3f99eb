using System.Text;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// What Gmail does to a message on its way out. A Message-ID the client wrote is kept, since clients find their mail
/// again by it; one is made up only where there is none, and so is the Date. A From that is neither the account nor a
/// verified alias of it is replaced by the account. A Received line says that the message came in through the API.
/// </summary>
internal sealed class Outgoing(Mailbox mailbox, Seeded made)
{
    public CorpusMessage Prepare(byte[] raw)
    {
        HeaderBlock header = HeaderBlock.Read(raw, 0, raw.Length);
        var front = new StringBuilder();
        string date = MailDate.Format(mailbox.Clock.GetUtcNow());
        front.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"Received: from 1054842156889 named unknown by gmailapi.google.com with HTTPREST; {date}\r\n");
        HeaderField? from = header.Fields.Cast<HeaderField?>().FirstOrDefault(field => field!.Value.Is("From"));
        bool foreign = from is not HeaderField written || !IsOwner(written.Value);
        if (foreign)
        {
            front.Append("From: ").Append(OwnerWith(from?.Value)).Append("\r\n");
        }

        if (header.First("Date") is null)
        {
            front.Append("Date: ").Append(date).Append("\r\n");
        }

        if (header.First("Message-ID") is null)
        {
            front.Append("Message-ID: <CA+").Append(made.Token(24)).Append("@mail.gmail.com>\r\n");
        }

        byte[] sent = [.. Encoding.UTF8.GetBytes(front.ToString()), .. foreign ? Without(raw, from) : raw];
        return MailFolder.Message("sent", sent);
    }

    private bool IsOwner(string from) =>
        MailAddress.ParseList(from) is [MailAddress only]
        && (only.Address.Equals(mailbox.Address, StringComparison.OrdinalIgnoreCase)
            || mailbox.Aliases.GetValueOrDefault(only.Address) is { IsVerified: true });

    /// <summary>The display name stays, the address is the account's.</summary>
    private string OwnerWith(string? from)
    {
        int bracket = from?.IndexOf('<', StringComparison.Ordinal) ?? -1;
        return bracket > 0 ? $"{from![..bracket]}<{mailbox.Address}>" : mailbox.Address;
    }

    private static byte[] Without(byte[] raw, HeaderField? field) =>
        field is HeaderField cut ? [.. raw[..cut.Start], .. raw[(cut.Start + cut.Length)..]] : raw;
}
