using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync;

public sealed class MailFactsTests
{
    private static readonly ConnectionId Connection = ConnectionId.New(TimeProvider.System);
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    // Few ids, instants and names, so that ties and repeats are the rule.
    private static readonly Gen<MailMessage> Messages =
        from id in Gen.Choose(0, 9)
        from at in Gen.Choose(0, 4)
        from name in Gen.Elements("", "Ada", "Ada Okafor")
        from outbound in Gen.Elements(true, false)
        from label in Gen.Elements("INBOX", "SPAM", "TRASH")
        select Message($"{id}{at}{name.Length}{outbound}{label}", at, name, outbound, label);

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public void Contacts_are_the_same_in_whatever_order_and_however_often_mail_is_read() =>
        Prop.ForAll(Messages.ListOf().ToArbitrary(), messages => SameInAnyOrder(messages, Contact)).QuickCheckThrowOnFailure();

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public void Conversations_are_the_same_in_whatever_order_and_however_often_mail_is_read() =>
        Prop.ForAll(Messages.ListOf().ToArbitrary(), messages => SameInAnyOrder(messages, Thread)).QuickCheckThrowOnFailure();

    [Fact]
    public void Whoever_wrote_nothing_but_spam_is_nobody_the_practice_knows() =>
        Assert.Null(Contact([Message("1", 1, "Ada", outbound: false, "SPAM")]));

    [Fact]
    public void A_page_of_history_is_boiled_down_to_what_is_left_of_it()
    {
        static GmailShapes.HistoryItem Item(string id, params string[] labels) => new(new GmailShapes.HistoryMessage(id, "t", labels));
        GmailShapes.HistoryRecord[] records =
        [
            new("1", [Item("added", "INBOX")], null, null, null),
            new("2", null, null, [Item("added", "INBOX", "STARRED")], null),
            new("3", null, null, [Item("labelled", "STARRED")], null),
            new("4", null, null, null, [Item("labelled")]),
            new("5", [Item("short-lived")], null, null, null),
            new("6", null, [Item("short-lived"), Item("old")], null, null),
        ];
        var (touched, gone) = HistoryDigest.Of(records);
        Assert.Equal(["added", "labelled"], touched.Keys.Order());
        Assert.Null(touched["added"]);
        Assert.Empty(touched["labelled"]!.Value);
        Assert.Equal(["old", "short-lived"], gone.Order());
    }

    private static bool SameInAnyOrder<T>(IEnumerable<MailMessage> messages, Func<IEnumerable<MailMessage>, T?> fold)
        where T : class
    {
        var list = messages.ToList();
        var once = fold(list.DistinctBy(message => message.SourceId));
        return Equals(once, fold(Enumerable.Reverse(list)))
            && Equals(once, fold(list.Concat(list)))
            && Equals(once, fold(list.OrderBy(message => message.SourceId, StringComparer.Ordinal)));
    }

    private static MailContact? Contact(IEnumerable<MailMessage> messages) =>
        messages.Aggregate((MailContact?)null, static (known, message) => MailContact.With(known, "hash", message));

    private static MailThread? Thread(IEnumerable<MailMessage> messages) => messages.Aggregate((MailThread?)null, MailThread.With);

    private static MailMessage Message(string id, int at, string name, bool outbound, string label) => new(
        Connection, MirrorKey.Mailbox, id, "t", $"<{id}@mail.example>", "", outbound ? Direction.Outbound : Direction.Inbound,
        new Correspondent(EmailAddress.Parse("ada@mail.example"), name), "Subject", Start.AddMinutes(at), [label], Bulk: false, 1, 1);
}
