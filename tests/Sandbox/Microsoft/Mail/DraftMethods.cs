using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>Writing messages: drafts, replies, changes, moves, deletion.</summary>
internal static class DraftMethods
{
    public static GraphAnswer Create(GraphCall call)
    {
        (OutlookLetter? letter, GraphError? problem) = Written(call, call.Body, new OutlookLetter());
        return letter is null
            ? problem!
            : GraphAnswer.Created(OutlookMessageJson.Write(call, call.Account.Mail.AddDraft(letter, null), null));
    }

    public static GraphAnswer Change(GraphCall call)
    {
        if (MessageMethods.Asked(call) is not OutlookMessage message)
        {
            return GraphError.NotFound();
        }

        if (call.IfMatch is string expected && expected != message.ETag)
        {
            return GraphError.PreconditionFailed();
        }

        (OutlookLetter? letter, GraphError? problem) = LetterJson.Read(call.Body, message.Letter);
        if (letter is null)
        {
            return problem!;
        }

        string[] outside = ["isRead", "categories", "flag"];
        bool rewrites = call.Body.Any(member => !outside.Contains(member.Key));
        if (rewrites && !message.IsDraft)
        {
            return new GraphError(400, "ErrorInvalidPropertySet", "The property can only be set on a draft.");
        }

        string[] touched = [.. call.Body.Select(member => member.Key)];
        call.Account.Mail.Change(message, changed =>
        {
            changed.Text = rewrites ? new Lazy<OutlookLetter>(letter) : changed.Text;
            changed.IsRead = (bool?)call.Body["isRead"] ?? changed.IsRead;
            changed.Flag = (string?)call.Body["flag"]?["flagStatus"] ?? changed.Flag;
            changed.Categories = call.Body["categories"] is JsonArray names
                ? [.. names.Select(name => (string)name!)]
                : changed.Categories;
        }, touched);
        return OutlookMessageJson.Write(call, message, null);
    }

    public static GraphAnswer Move(GraphCall call)
    {
        if (MessageMethods.Asked(call) is not OutlookMessage message
            || call.Account.Mail.FindFolder((string?)call.Body["destinationId"]) is not OutlookFolder to)
        {
            return GraphError.NotFound();
        }

        call.Account.Mail.Move(message, to);
        return GraphAnswer.Created(OutlookMessageJson.Write(call, message, null));
    }

    public static GraphAnswer Delete(GraphCall call)
    {
        if (MessageMethods.Asked(call) is not OutlookMessage message)
        {
            return GraphError.NotFound();
        }

        call.Account.Mail.Delete(message);
        return GraphAnswer.Nothing;
    }

    public static GraphAnswer CreateReply(GraphCall call) => Answering(call, original => original.Letter with
    {
        To = Back(original),
        Cc = [],
        Subject = Marked("RE", original),
    });

    public static GraphAnswer CreateReplyAll(GraphCall call) => Answering(call, original => original.Letter with
    {
        To = [.. Back(original), .. Others(call, original.Letter.To)],
        Cc = [.. Others(call, original.Letter.Cc)],
        Subject = Marked("RE", original),
    });

    public static GraphAnswer CreateForward(GraphCall call) => Answering(call, original => original.Letter with
    {
        To = [],
        Cc = [],
        Subject = Marked("FW", original),
    });

    /// <summary>The letter of a request, JSON or MIME, with the sender and a Message-ID filled in.</summary>
    public static (OutlookLetter? Letter, GraphError? Problem) Written(
        GraphCall call, JsonObject body, OutlookLetter before)
    {
        (OutlookLetter? letter, GraphError? problem) =
            call.Text is null ? LetterJson.Read(body, before) : LetterJson.ReadMime(call.Text);
        if (letter is null)
        {
            return (null, problem);
        }

        var owner = new MailAddress("", call.Account.Address);
        return (letter with
        {
            From = letter.From ?? owner,
            Sender = letter.Sender ?? owner,
            MessageId = letter.MessageId
                ?? new Rfc822Id($"{call.Account.Made.For($"letter {call.Account.Revision}").Token(24)}@outlook.example"),
        }, null);
    }

    private static GraphAnswer Answering(GraphCall call, Func<OutlookMessage, OutlookLetter> begin)
    {
        if (MessageMethods.Asked(call) is not OutlookMessage original)
        {
            return GraphError.NotFound();
        }

        string referred = original.Letter.MessageId is { } id ? $"<{id}>" : "";
        OutlookLetter blank = begin(original) with
        {
            Bcc = [],
            ReplyTo = [],
            From = null,
            Sender = null,
            MessageId = null,
            Raw = null,
            Attachments = [],
            Headers = [KeyValuePair.Create("In-Reply-To", referred), KeyValuePair.Create("References", referred)],
            Body = new OutlookBody(original.Letter.Body.ContentType,
                $"{(string?)call.Body["comment"]}\n________________________________\n{original.Letter.Body.Content}"),
        };
        (OutlookLetter? letter, GraphError? problem) =
            Written(call, call.Body["message"] as JsonObject ?? [], blank);
        return letter is null
            ? problem!
            : GraphAnswer.Created(OutlookMessageJson.Write(
                call, call.Account.Mail.AddDraft(letter, original.Conversation), null));
    }

    private static IReadOnlyList<MailAddress> Back(OutlookMessage original) =>
        original.Letter.ReplyTo.Count > 0 ? original.Letter.ReplyTo
        : original.Letter.From is MailAddress from ? [from]
        : [];

    private static IEnumerable<MailAddress> Others(GraphCall call, IEnumerable<MailAddress> addresses) =>
        addresses.Where(one => !one.Address.Equals(call.Account.Address, StringComparison.OrdinalIgnoreCase));

    private static string Marked(string mark, OutlookMessage original) =>
        original.Letter.Subject.StartsWith(mark + ":", StringComparison.OrdinalIgnoreCase)
            ? original.Letter.Subject
            : $"{mark}: {original.Letter.Subject}";
}
