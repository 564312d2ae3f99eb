using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// users.messages.send and users.drafts.send. Neither is idempotent: the same call twice is two letters. Every letter
/// is entered in the ledger under its Message-ID.
/// </summary>
internal static class SendMethods
{
    public static GmailAnswer SendMessage(GmailCall call)
    {
        (byte[] raw, ThreadId? asked, GmailError? error) = JsonBody.Mail(call.Mailbox, call.Body);
        return error is not null
            ? error
            : Send(call, raw, mail => call.Mailbox.Threading.ForOwn(mail, asked), null, "messages.send");
    }

    /// <summary>
    /// Sends a draft as it stands, or with the message given beside its id. The draft is gone afterwards.
    /// </summary>
    public static GmailAnswer SendDraft(GmailCall call)
    {
        if (JsonBody.Unknown(call.Body, "id", "message") is GmailError stranger)
        {
            return stranger;
        }

        DraftId? id = DraftId.Parse(JsonBody.Text(call.Body, "id"));
        if (call.Mailbox.Drafts.Find(id) is not StoredMessage draft)
        {
            return GmailError.NotFound();
        }

        if (call.Body["message"] is not JsonObject replacement || !replacement.ContainsKey("raw"))
        {
            return Send(call, draft.Raw, _ => draft.Thread, id, "drafts.send");
        }

        (byte[] raw, ThreadId? asked, GmailError? error) = JsonBody.Mail(call.Mailbox, replacement);
        return error is not null
            ? error
            : Send(call, raw, mail => call.Mailbox.Threading.ForOwn(mail, asked ?? draft.Thread), id, "drafts.send");
    }

    private static GmailAnswer Send(
        GmailCall call, byte[] raw, Func<Envelope, ThreadId?> threadFor, DraftId? draft, string via)
    {
        HeaderBlock header = HeaderBlock.Read(raw, 0, raw.Length);
        if (!Envelope.RecipientFields(header).SelectMany(MailAddress.ParseList).Any(to => to.Address.Contains('@')))
        {
            return GmailError.Invalid("Recipient address required");
        }

        CorpusMessage mail = new Outgoing(call.Mailbox, call.Mailbox.Made).Prepare(raw);
        // Decided while the draft is still there: a letter stays in its draft's thread even when it is alone in it.
        ThreadId? thread = threadFor(mail.Envelope);
        if (draft is DraftId spent)
        {
            call.Mailbox.Drafts.Delete(spent);
        }

        StoredMessage sent = call.Mailbox.Add(mail, thread, [Labels.Sent]);
        call.Sends.Enter(new SentLetter(
            call.Mailbox.Address, sent.Id, mail.Envelope.MessageId!.Value, via, call.Mailbox.Clock.GetUtcNow()));
        return MessageJson.WithLabels(sent);
    }
}
