using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>How a page is cut into atomic writes.</summary>
public sealed class StreamPartTests
{
    private const int MostRecords = 80;
    private static readonly ConnectionId Connection = ConnectionId.New(TimeProvider.System);
    private static readonly StreamName Stream = StreamName.Parse("mail");

    [Fact]
    public void Messages_of_one_person_are_apart_only_where_a_part_is_full()
    {
        const int People = 20;
        var page = Page(60, static at => at % People);

        var parts = StreamPart.Of(page, [], MailMirror.Instance);

        var writes = parts.Sum(static part => Mail(part).Select(static mail => mail.Counterpart).Distinct().Count());
        Assert.InRange(writes, People, People + parts.Count - 1);
    }

    [Fact]
    public void Messages_of_one_person_that_one_part_has_room_for_are_in_one()
    {
        const int People = 100;
        var page = Page(250, static at => at % People);

        var parts = StreamPart.Of(page, [], MailMirror.Instance);

        Assert.True(parts.Count > 3);
        Assert.Equal(People, parts.Sum(static part => Mail(part).Select(static mail => mail.Counterpart).Distinct().Count()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void No_part_touches_more_records_than_one_write_takes(int people)
    {
        var page = Page(500, at => at % people);

        var parts = StreamPart.Of(page, [], MailMirror.Instance);

        Assert.All(parts, static part => Assert.InRange(Records(part), 1, MostRecords));
    }

    [Fact]
    public void Every_item_is_in_one_part_and_every_deletion_too()
    {
        var page = Page(500, static at => at % 7);

        var parts = StreamPart.Of(page, Enumerable.Range(500, 200).Select(static at => $"{at}"), MailMirror.Instance);

        Assert.Equal(
            Enumerable.Range(0, 500), parts.SelectMany(static part => part.Present).Select(static one => int.Parse(one.Item.SourceId)).Order());
        Assert.Equal(Enumerable.Range(500, 200), parts.SelectMany(static part => part.Gone).Select(int.Parse).Order());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(3, 2)]
    [InlineData(80, 0)]
    public void A_part_in_halves_says_the_same_and_neither_half_is_empty(int present, int gone)
    {
        var part = new StreamPart(
            [.. Page(present, static _ => 0)],
            [.. Enumerable.Range(0, gone).Select(static at => $"gone-{at}")]);

        var halves = part.Halves();

        Assert.True(part.IsDivisible);
        Assert.All(halves, static half => Assert.True(half.Present.Length + half.Gone.Length > 0));
        Assert.Equal(part.Present, halves.SelectMany(static half => half.Present));
        Assert.Equal(part.Gone, halves.SelectMany(static half => half.Gone));
    }

    private static int Records(StreamPart part)
    {
        MailMessage[] mail = [.. Mail(part)];
        return mail.Length
            + mail.Select(static one => one.ThreadId).Distinct().Count()
            + mail.Select(static one => one.Counterpart).Distinct().Count()
            + (3 * part.Gone.Length);
    }

    private static IEnumerable<MailMessage> Mail(StreamPart part) => part.Present.Select(static one => one.Item).Cast<MailMessage>();

    /// <summary>So many messages, with that person each.</summary>
    private static IEnumerable<SealedItem> Page(int messages, Func<int, int> person) => Enumerable.Range(0, messages)
        .Select(at => Message(at, person(at)))
        .Select(static message => new SealedItem(
            message, new Document(SyncKinds.Message.Key(message.SourceId), MailMirror.Instance.Canonical(message))));

    private static MailMessage Message(int at, int person) => new(
        Connection, Stream, $"{at}", $"thread-{at / 2}", $"<{at}@practice.example>", "", Direction.Inbound, Person(person),
        "A letter", DateTimeOffset.UnixEpoch.AddMinutes(at), ["INBOX"], Bulk: false, SizeBytes: 1_000, Generation: 1);

    private static Correspondent Person(int number) => new(EmailAddress.Parse($"person-{number}@mail.example"), "");
}
