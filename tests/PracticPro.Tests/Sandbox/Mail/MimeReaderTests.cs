using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Tests.Sandbox.Mail;

public sealed class MimeReaderTests
{
    [Fact]
    public void Parts_are_numbered_as_Gmail_numbers_them()
    {
        MimePart root = Sample("07-alternative-related.eml");

        Assert.Equal(
            ["|multipart/mixed", "0|multipart/related", "0.0|multipart/alternative", "0.0.0|text/plain",
                "0.0.1|text/html", "0.1|image/gif", "1|application/pdf"],
            root.Walk().Select(part => $"{part.PartId}|{part.MimeType}"));
    }

    [Fact]
    public void Two_forwards_inside_each_other_are_read_to_the_innermost_text()
    {
        MimePart innermost = Sample("08-nested-forward.eml").Walk().Last();

        Assert.Equal(("1.0.1.0", "The original referral."), (innermost.PartId, innermost.DecodedText()));
    }

    [Fact]
    public void A_multipart_without_a_boundary_is_plain_text()
    {
        MimePart root = Sample("13-missing-boundary.eml");

        Assert.Equal(("text/plain", 0), (root.MimeType, root.Parts.Count));
        Assert.Contains("Page one.", root.DecodedText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_is_never_closed_runs_to_the_end()
    {
        MimePart root = Sample("14-unclosed-multipart.eml");

        Assert.Equal(2, root.Parts.Count);
        Assert.Equal("one.jpg", root.Parts[1].FileName);
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0], root.Parts[1].DecodedBytes()[..4]);
    }

    [Fact]
    public void The_line_end_before_a_boundary_is_not_part_of_the_body() =>
        Assert.Equal("See below.", Sample("08-nested-forward.eml").Parts[0].DecodedText());

    [Fact]
    public void A_boundary_that_begins_like_another_is_not_that_other()
    {
        MimePart root = Read("Content-Type: multipart/mixed; boundary=ab\n\n--ab\n\none\n--abc\nstill one\n--ab--\n");

        Assert.Equal("one\n--abc\nstill one", Assert.Single(root.Parts).DecodedText());
    }

    [Fact]
    public void A_header_line_that_is_none_starts_the_body()
    {
        MimePart root = Sample("24-body-without-blank-line.eml");

        Assert.StartsWith("Temperature is nine degrees", root.DecodedText(), StringComparison.Ordinal);
        Assert.Equal("Vaccine fridge", root.Headers.First("subject"));
    }

    [Fact]
    public void A_bare_line_feed_ends_a_header_line()
    {
        MimePart root = Sample("17-bare-lf-in-header.eml");

        Assert.Equal("Contact form", root.Headers.First("Subject"));
        Assert.Equal("yes", root.Headers.First("X-Injected"));
        Assert.Equal("line one\nline two\r\nline three\rstill line three\r\n", root.DecodedText());
    }

    [Fact]
    public void A_message_with_carriage_returns_only_still_has_lines()
    {
        MimePart root = Read("Subject: old Mac\rFrom: a@b.example\r\rbody\rmore");

        Assert.Equal(("old Mac", "body\rmore"), (root.Headers.First("Subject"), root.DecodedText()));
    }

    [Fact]
    public void Header_values_are_unfolded_and_otherwise_left_alone()
    {
        Assert.Equal("Re: Appointment on Thursday", Sample("02-reply-folded-references.eml").Headers.First("Subject"));
        Assert.Equal("=?iso-8859-1?Q?Factura_n=BA_12_=2D_ma=F1ana?=",
            Sample("03-latin1-quoted-printable.eml").Headers.First("Subject"));
    }

    [Fact]
    public void Eight_bit_headers_are_read_as_windows_text_when_they_are_not_UTF_8() =>
        Assert.Equal("Rückfrage zur Behandlung – dringend",
            Sample("04-eight-bit-headers.eml").Headers.First("Subject"));

    [Theory]
    [InlineData("03-latin1-quoted-printable.eml", "Señora doctora")]
    [InlineData("06-right-to-left.eml", "אשמח לקבוע תור")]
    [InlineData("15-base64-with-junk.eml", "Your statement is ready.")]
    [InlineData("16-unknown-charset.eml", "Café opens at seven. € 2.50")]
    [InlineData("25-japanese-iso2022.eml", "来週の予約を火曜日に変更できますか。")]
    public void Bodies_become_text_whatever_they_were_sent_in(string sample, string text) =>
        Assert.Contains(text, Sample(sample).DecodedText(), StringComparison.Ordinal);

    [Fact]
    public void File_names_come_from_the_extended_form_first() =>
        Assert.Equal("Résultats novembre.pdf", Sample("07-alternative-related.eml").Parts[1].FileName);

    [Fact]
    public void Nesting_without_end_is_bounded()
    {
        string bomb = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 5_000));

        Assert.InRange(Read(bomb).Walk().Count(), 2, 40);
    }

    [Fact]
    public void Any_bytes_at_all_are_read_without_an_error() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<byte[]>(),
                bytes => MimeReader.Read(bytes).Walk().All(part => part.DecodedText() is not null))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_sample_cut_anywhere_is_read_without_an_error()
    {
        foreach (CorpusMessage sample in Corpus.Samples())
        {
            int step = Math.Max(1, sample.Raw.Length / 200);
            for (int length = 0; length < sample.Raw.Length; length += step)
            {
                MimePart root = MimeReader.Read(sample.Raw[..length]);
                Assert.All(root.Walk(), part => Assert.NotNull(part.DecodedText()));
            }
        }
    }

    private static MimePart Read(string mail) => MimeReader.Read(Encoding.UTF8.GetBytes(mail));

    private static MimePart Sample(string name) =>
        MimeReader.Read(Corpus.Samples().Single(sample => sample.Origin == name).Raw);
}
