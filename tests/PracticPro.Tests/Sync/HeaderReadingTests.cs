using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Sync;

public sealed class HeaderReadingTests
{
    private static readonly EmailAddress Owner = EmailAddress.Parse("owner@harbour-clinic.example");

    [Theory]
    [InlineData("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße")]
    [InlineData("=?UTF-8?b?R3LDvMOfZQ?=", "Grüße")]
    [InlineData("=?iso-8859-1?Q?Gr=FC=DFe_aus?=", "Grüße aus")]
    [InlineData("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab")]
    [InlineData("=?utf-8?Q?a?= and =?utf-8?Q?b?=", "a and b")]
    [InlineData("=?utf-8*de?Q?a?=", "a")]
    [InlineData("=?no-such-charset?Q?a?=", "a")]
    [InlineData("=?utf-7?Q?a?=", "a")]
    [InlineData("=?utf-8?B?!!!?=", "=?utf-8?B?!!!?=")]
    [InlineData("=?utf-8?Q?=GG=?=", "=GG=")]
    [InlineData("a\r\n\tb\0c", "a  bc")]
    [InlineData(null, "")]
    public void A_header_is_decoded_as_far_as_it_can_be(string? raw, string read) => Assert.Equal(read, HeaderText.Decode(raw));

    [Theory]
    [InlineData("ada@mail.example", "ada@mail.example|")]
    [InlineData("Ada Okafor <ada@mail.example>", "ada@mail.example|Ada Okafor")]
    [InlineData("\"Okafor, Ada\" <ada@mail.example>, bob@mail.example", "ada@mail.example|Okafor, Ada;bob@mail.example|")]
    [InlineData("ada@mail.example (Ada Okafor)", "ada@mail.example|Ada Okafor")]
    [InlineData("Team: ada@mail.example, bob@mail.example;", "ada@mail.example|;bob@mail.example|")]
    [InlineData("broken@, Ada <ada@mail.example>", "ada@mail.example|Ada")]
    [InlineData("\"mallory@mail.example\" <ada@mail.example>", "ada@mail.example|mallory@mail.example")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("\"", "")]
    [InlineData("<<>>(", "")]
    public void Addresses_are_found_as_people_really_write_them(string raw, string read) => Assert.Equal(
        read, string.Join(';', AddressHeader.Read(raw).Select(person => $"{person.Address.Text}|{person.Name}")));

    [Fact]
    public void Whatever_a_sender_makes_up_is_read_without_a_throw() =>
        Prop.ForAll<string?>(ArbMap.Default.ArbFor<string?>(), ReadsQuietly).QuickCheckThrowOnFailure();

    [Fact]
    public void A_letter_of_the_owner_counts_as_written_to_the_first_other_person()
    {
        var read = Read(["SENT"], ("From", Owner.Text), ("To", $"{Owner.Text}, Ada <ada@mail.example>"), ("subject", "S"));
        Assert.Equal((Direction.Outbound, "ada@mail.example"), (read.Direction, read.Counterpart!.Address.Text));
        Assert.Equal("S", read.Subject);
    }

    [Theory]
    [InlineData("List-Id", "<news.mail.example>")]
    [InlineData("Precedence", "BULK")]
    [InlineData("Auto-Submitted", "auto-replied")]
    [InlineData("List-Unsubscribe", "<mailto:x@mail.example>")]
    public void Nobody_waits_behind_a_machine(string name, string value) =>
        Assert.True(Read([], ("From", "ada@mail.example"), (name, value)).Bulk);

    [Fact]
    public void An_answer_goes_where_the_sender_asked_for_it()
    {
        var read = Read([], ("From", "ada@mail.example"), ("Reply-To", "office@mail.example"), ("Auto-Submitted", "no"));
        Assert.Equal(("office@mail.example", false), (read.Counterpart!.Address.Text, read.Bulk));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    [InlineData("253402300799999")]
    public void A_date_that_is_none_is_the_beginning_of_time(string? date) => Assert.Equal(
        DateTimeOffset.UnixEpoch,
        EnvelopeReader.Read(
            ConnectionId.New(TimeProvider.System), Owner, new GmailShapes.Message("1", "1", null, null, date, 0, null)).At);

    private static bool ReadsQuietly(string? text)
    {
        foreach (var raw in (string?[])[text, $"=?{text}?B?{text}?=", $"=?utf-8?Q?{text}?=", $"\"{text}\" <{text}@x.example>", $"({text}"])
        {
            _ = HeaderText.Decode(raw);
            _ = AddressHeader.Read(raw);
            _ = Read([], ("From", raw!), ("Subject", raw!), ("References", raw!), ("Precedence", raw!));
        }

        return true;
    }

    private static MailMessage Read(string[] labels, params (string Name, string Value)[] headers) => EnvelopeReader.Read(
        ConnectionId.New(TimeProvider.System),
        Owner,
        new GmailShapes.Message(
            "1", "1", labels, null, "1", 0, new GmailShapes.Payload([.. headers.Select(one => new GmailShapes.Header(one.Name, one.Value))])));
}
