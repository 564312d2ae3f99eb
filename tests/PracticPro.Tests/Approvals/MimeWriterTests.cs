using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Sandbox.Mail;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Tests.Approvals;

[Trait("Promise", "APR-2")]
public sealed class MimeWriterTests
{
    private static readonly OutgoingMail Mail = AnyGateFacts.Mail;

    [Theory]
    [InlineData("plain.eml")]
    [InlineData("foreign.eml")]
    public void A_mail_is_written_as_it_was_when_the_file_was_made(string file)
    {
        var mail = file == "plain.eml" ? Mail : Mail with
        {
            To = [new MailParty(AnyGateFacts.Ada, "Åsa \"Öko\" Ødegård, the very long-named colleague from the other side of the fjord")],
            Subject = "Re: Grüße – und eine Frage, die so lang ist, dass sie in keine Zeile passt; 日本語も少し",
            Text = "Grüße aus Köln.\n\nBis bald\n日本語",
        };
        var golden = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Approvals", "Golden", file));
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(MimeWriter.Write(mail)));
    }

    [Fact]
    public void Any_subject_name_and_text_comes_back_from_a_reader() =>
        Prop.ForAll<string?, string?, string?>(ArbMap.Default.ArbFor<string?>(), ArbMap.Default.ArbFor<string?>(), ArbMap.Default.ArbFor<string?>(), ComesBack)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_line_is_longer_than_a_reader_has_to_take() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string?>(),
            text => Assert.All(Lines(Mail with { Subject = OneLine(text) + new string('é', 200), Text = text ?? "" }), line =>
                Assert.InRange(line.Length, 0, line.Contains("=?", StringComparison.Ordinal) ? 76 : 998)))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("One\r\nBcc: two@mail.example")]
    [InlineData("One\nBcc: two@mail.example")]
    [InlineData("One\rBcc: two@mail.example")]
    public void A_line_break_in_a_header_is_never_written(string text)
    {
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Mail with { Subject = text }));
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Mail with { To = [new MailParty(AnyGateFacts.Ada, text)] }));
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Mail with { InReplyTo = text }));
    }

    [Theory]
    [InlineData("=?utf-8?B?SGk=?= really")]
    [InlineData(" leading and trailing ")]
    [InlineData("tab\there")]
    [InlineData("a subject of plain words that is longer than the seventy-eight columns that fit a line")]
    public void A_subject_a_reader_would_change_is_encoded(string subject) =>
        Assert.Equal(subject, Subject(MimeWriter.Write(Mail with { Subject = subject })));

    private static bool ComesBack(string? subject, string? name, string? text)
    {
        var mail = Mail with
        {
            Subject = OneLine(subject),
            To = [new MailParty(AnyGateFacts.Ada, OneLine(name))],
            Text = new string([.. (text ?? "").Where(symbol => symbol is not '\0')]),
        };
        var mime = MimeWriter.Write(mail);
        var header = HeaderBlock.Read(mime, 0, mime.Length);
        var to = Assert.Single(AddressHeader.Read(header.First("To")));
        string[] names = [.. header.Fields.Select(field => field.Name)];
        return names.Length == names.Distinct().Count()
            && names.All(field => field is "Date" or "From" or "To" or "Subject" or "Message-ID" or "In-Reply-To" or "References"
                or "MIME-Version" or "Content-Type" or "Content-Transfer-Encoding")
            && (mail.Subject.Length == 0 || Seen(mail.Subject) == Seen(Subject(mime)))
            && to.Address == AnyGateFacts.Ada
            && Seen(to.Name) == Seen(mail.To[0].Name)
            && MimeReader.Read(mime).DecodedText() is var read
            && Runes(mail.Text.ReplaceLineEndings("\r\n")) is var written
            && (read == written || read == written + "\r\n");
    }

    // What a reader shows: without the control characters the content gate refuses anyway.
    private static string Seen(string text) =>
        Runes(new string([.. text.Where(symbol => !char.IsControl(symbol))])).Trim();

    private static string Runes(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    private static string Subject(byte[] mime)
    {
        var raw = HeaderBlock.Read(mime, 0, mime.Length).First("Subject") ?? "";
        return raw.Contains("=?", StringComparison.Ordinal) ? EncodedWords.Decode(raw) : raw;
    }

    private static string OneLine(string? text) =>
        new([.. (text ?? "").Where(symbol => symbol is not ('\r' or '\n' or '\0'))]);

    private static string[] Lines(OutgoingMail mail) => Encoding.ASCII.GetString(MimeWriter.Write(mail)).Split("\r\n");
}
