using System.Buffers.Text;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using Message = Microsoft.Graph.Models.Message;

namespace PracticPro.Sync.Outlook;

/// <summary>Sends the bytes of a letter from an account, and looks for it there.</summary>
internal static class OutlookLetters
{
    /// <summary>
    /// In place of the provider's id of a letter that it took: it names none, and shows the letter in Sent Items when it does.
    /// </summary>
    public const string Accepted = "accepted";

    /// <summary>A request may have 4 MB, in which the letter stands in base64.</summary>
    private const int LargestBody = 4 * 1024 * 1024;

    public static async Task<SendOutcome> SendAsync(
        OutlookAccount account, SendPermit permit, ReadOnlyMemory<byte> mime, CancellationToken cancellation)
    {
        var body = new byte[Base64.GetMaxEncodedToUtf8Length(mime.Length)];
        if (body.Length > LargestBody)
        {
            return new SendOutcome.NotSent(new OutlookFailures.LetterTooLarge());
        }

        Base64.EncodeToUtf8(mime.Span, body, out _, out var length);
        var outcome = await account.WriteAsync(
            new EgressRequest(MicrosoftServices.Graph, MicrosoftServices.SendMail)
            {
                Permit = permit,
                Body = body.AsMemory(0, length),
                BodyType = "text/plain",
            },
            cancellation);
        return OutlookWrites.Told(outcome, static _ => Accepted) switch
        {
            WriteOutcome.Done done => new SendOutcome.Sent(done.ProviderId),
            WriteOutcome.NotDone no => new SendOutcome.NotSent(no.Why),
            _ => new SendOutcome.Unclear(),
        };
    }

    /// <summary>In Sent Items, or nowhere: the filter is asked, and the newest are looked through, since it may lag behind.</summary>
    public static async Task<Outcome<Whereabouts>> LookUpAsync(
        OutlookAccount account, string messageId, CancellationToken cancellation)
    {
        var id = messageId.Trim('<', '>');
        foreach (var asking in new[] { account.SentAsync(id, cancellation), account.LastSentAsync(cancellation) })
        {
            var outcome = await asking;
            if (!outcome.Try(out var answer, out var why)
                || !GraphReading.ReadPage(answer.Body, Message.CreateFromDiscriminatorValue).Try(out var page, out why))
            {
                return why;
            }

            if (page.Items.FirstOrDefault(item => item.Value.InternetMessageId?.Trim('<', '>') == id) is { } found)
            {
                return new Whereabouts.InSent(found.Id);
            }
        }

        return new Whereabouts.Nowhere();
    }
}
