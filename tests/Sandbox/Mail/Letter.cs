using System.Globalization;
using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>A plain letter the sandbox writes itself. Control characters in header values are dropped.</summary>
internal sealed record Letter(string From, string To, string Subject, string Text)
{
    public required string MessageId { get; init; }

    public required DateTimeOffset Date { get; init; }

    public string? InReplyTo { get; init; }

    public string Write()
    {
        var mail = new StringBuilder();
        mail.Append(CultureInfo.InvariantCulture, $"From: {Line(From)}\r\nTo: {Line(To)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Subject: {Encoded(Line(Subject))}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {MailDate.Format(Date)}\r\nMessage-ID: <{MessageId}>\r\n");
        if (InReplyTo is not null)
        {
            mail.Append(CultureInfo.InvariantCulture,
                $"In-Reply-To: <{Line(InReplyTo)}>\r\nReferences: <{Line(InReplyTo)}>\r\n");
        }

        return mail.Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n")
            .Append("Content-Transfer-Encoding: 8bit\r\n\r\n")
            .Append(Text.ReplaceLineEndings("\r\n")).Append("\r\n").ToString();
    }

    private static string Line(string value) => new([.. value.Where(letter => !char.IsControl(letter))]);

    /// <summary>RFC 2047 for what is not ASCII; one word for the whole, as many programs write it.</summary>
    private static string Encoded(string value) => Ascii.IsValid(value)
        ? value
        : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
