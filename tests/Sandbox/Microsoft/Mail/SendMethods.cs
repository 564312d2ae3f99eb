using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// sendMail, and send of a draft. Both answer 202 with nothing in it, and neither is idempotent. The sent copy shows up
/// when it does.
/// </summary>
internal static class SendMethods
{
    public static GraphAnswer SendMail(GraphCall call)
    {
        JsonObject body = call.Body["message"] as JsonObject ?? call.Body["Message"] as JsonObject ?? [];
        bool keeps = (bool?)(call.Body["saveToSentItems"] ?? call.Body["SaveToSentItems"]) ?? true;
        (OutlookLetter? letter, GraphError? problem) = DraftMethods.Written(call, body, new OutlookLetter());
        problem ??= Refusal(call, letter!);
        if (problem is not null)
        {
            return problem;
        }

        if (!keeps)
        {
            Enter(call, letter!, null, "sendMail");
            return GraphAnswer.Accepted;
        }

        OutlookMessage draft = call.Account.Mail.AddDraft(letter!, null);
        Enter(call, letter!, draft.Key, "sendMail");
        call.Account.Mail.Send(draft);
        return GraphAnswer.Accepted;
    }

    public static GraphAnswer SendDraft(GraphCall call)
    {
        if (MessageMethods.Asked(call) is not { IsDraft: true } draft)
        {
            return GraphError.NotFound();
        }

        if (Refusal(call, draft.Letter) is GraphError problem)
        {
            return problem;
        }

        Enter(call, draft.Letter, draft.Key, "send");
        call.Account.Mail.Send(draft);
        return GraphAnswer.Accepted;
    }

    private static GraphError? Refusal(GraphCall call, OutlookLetter letter) => letter switch
    {
        _ when !letter.Recipients.Any(to => to.Address.Contains('@', StringComparison.Ordinal)) =>
            new GraphError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid."),
        { From: MailAddress from }
            when !from.Address.Equals(call.Account.Address, StringComparison.OrdinalIgnoreCase) =>
            GraphError.Named("ErrorSendAsDenied", 0),
        _ => null,
    };

    private static void Enter(GraphCall call, OutlookLetter letter, ItemKey? key, string via) =>
        call.World.Sends.Enter(new OutlookSend(
            call.Account.Address, key, letter.MessageId!.Value, via, call.Now, letter));
}
