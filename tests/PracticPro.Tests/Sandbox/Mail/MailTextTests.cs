using System.Text;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Tests.Sandbox.Mail;

/// <summary>The small readers under the MIME reader: words, encodings, parameters, dates, addresses.</summary>
public sealed class MailTextTests
{
    [Theory]
    [InlineData("plain =? text", "plain =? text")]
    [InlineData("=?UTF-8?B?8J+OiQ==?= =?UTF-8?Q?_so_=F0=9F=99=8F?=", "🎉 so 🙏")]
    [InlineData("=?ISO-8859-1?Q?Ren=E9?= Lopez", "René Lopez")]
    [InlineData("=?utf-8*en?Q?caf=C3=A9?=", "café")]
    [InlineData("=?no-such-charset?Q?caf=E9?=", "café")]
    [InlineData("=?utf-8?X?abc?=", "=?utf-8?X?abc?=")]
    [InlineData("=?utf-8?Q?bad_=Z1_escape?=", "bad =Z1 escape")]
    public void Encoded_words_are_read(string text, string expected) =>
        Assert.Equal(expected, EncodedWords.Decode(text));

    [Theory]
    [InlineData("a=\r\nb", "ab")]
    [InlineData("a= \t\nb", "ab")]
    [InlineData("=41=4a=4A", "AJJ")]
    [InlineData("50=% off =", "50=% off ")]
    [InlineData("=4", "=4")]
    public void Quoted_printable_forgives(string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(TransferDecoding.QuotedPrintable(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("YWJj", "abc")]
    [InlineData("YW Jj\r\n!", "abc")]
    [InlineData("YWI=YWI=", "abab")]
    [InlineData("YWI", "ab")]
    [InlineData("", "")]
    public void Base64_forgives(string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(TransferDecoding.Base64(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("text/plain; charset=\"utf-8\"; x=1", "charset", "utf-8")]
    [InlineData("a/b; name=\"semi;colon \\\"q\\\"\"; y", "name", "semi;colon \"q\"")]
    [InlineData("a/b; ; broken; name = spaced ; ", "name", "spaced")]
    [InlineData("a/b; filename*0*=UTF-8''R%C3%A9; filename*1=\"sum.pdf\"", "filename", "Résum.pdf")]
    [InlineData("a/b; title*=iso-8859-1'en'%A3%20rates", "title", "£ rates")]
    [InlineData("a/b; name=\"never closed", "name", "never closed")]
    [InlineData("a/b; NAME=one; name=two", "name", "one")]
    public void Parameters_are_read(string header, string name, string expected) =>
        Assert.Equal(expected, ParameterValue.Parse(header)[name]);

    [Theory]
    [InlineData("Thu, 22 Aug 2002 12:36:23 +0100", "2002-08-22T11:36:23Z")]
    [InlineData("22 Aug 02 12:36 EDT", "2002-08-22T16:36:00Z")]
    [InlineData("Mon, 9 Nov 2026 23:59:60 +0000", "2026-11-09T23:59:59Z")]
    [InlineData("Sun,17 Mar 102 02:47:15 -0800 (PST)", "2002-03-17T10:47:15Z")]
    [InlineData("Wrongday, 1 Jan 2020 00:00:00 NOZONE", "2020-01-01T00:00:00Z")]
    public void Dates_are_read(string header, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), MailDate.Parse(header));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("31 Feb 2026 10:00:00 +0000")]
    [InlineData("1 Jan 2020")]
    [InlineData("1 Jan 2020 25:00:00 +0000")]
    [InlineData("99999999999 Jan 2020 10:00:00")]
    public void What_is_no_date_is_none(string header) => Assert.Null(MailDate.Parse(header));

    [Fact]
    public void A_date_written_is_read_back() =>
        Assert.Equal(SandboxClient.Start, MailDate.Parse(MailDate.Format(SandboxClient.Start)));

    [Theory]
    [InlineData("a@b.example", "|a@b.example")]
    [InlineData("\"Lab, North\" <r@lab.example>", "Lab, North|r@lab.example")]
    [InlineData("Members: \"Ann, Lee\" <ann@p.example>, bo@p.example (Bo (the elder));, z@p.example",
        "Ann, Lee|ann@p.example |bo@p.example |z@p.example")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("Ann <never@closed.example", "Ann|never@closed.example")]
    [InlineData("=?utf-8?Q?Ren=C3=A9?= <r@l.example>", "René|r@l.example")]
    public void Address_lists_are_read(string header, string expected) =>
        Assert.Equal(expected, string.Join(' ', MailAddress.ParseList(header)
            .Select(one => $"{one.Name}|{one.Address}")));

    [Fact]
    public void An_mbox_falls_apart_at_its_From_lines_only()
    {
        string mbox = "From a Mon\nSubject: 1\n\nFrom here on\n>From quoted\n\nFrom b Tue\nSubject: 2\n\ntwo\n";

        string[] mails = [.. Mbox.Split(Encoding.UTF8.GetBytes(mbox)).Select(Encoding.UTF8.GetString)];

        // The first "From here on" stands behind a blank line, so by RFC 4155 it starts a message.
        Assert.Equal(3, mails.Length);
        Assert.Equal("Subject: 2\n\ntwo\n", mails[2]);
    }

    [Fact]
    public void The_topic_of_a_reply_is_that_of_the_letter()
    {
        Envelope reply = Envelope.Read("Subject: Re: Re[2]: FW:  Plan \n\n"u8.ToArray());

        Assert.True(reply.IsReply);
        Assert.Equal("plan", reply.Topic);
    }
}
