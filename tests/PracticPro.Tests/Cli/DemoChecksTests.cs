using PracticPro.Cli.Demo;

namespace PracticPro.Tests.Cli;

public sealed class DemoChecksTests
{
    [Fact]
    public void Records_that_say_what_the_mailbox_says_agree_whatever_the_order_of_labels()
    {
        var found = Compare([There("a", "t", "INBOX", "UNREAD")], ("a", "t", ["UNREAD", "INBOX"]));

        Assert.True(found.Holds);
        Assert.Equal(1, found.Agreeing);
    }

    [Fact]
    public void An_unfinished_draft_is_not_missed() =>
        Assert.True(Compare([There("a", "t", "DRAFT")]).Holds);

    [Fact]
    public void A_message_on_one_side_only_is_found_on_either()
    {
        var found = Compare([There("a", "t", "INBOX")], ("b", "t", ["INBOX"]));

        Assert.Equal(["a"], found.Missing);
        Assert.Equal(["b"], found.Surplus);
        Assert.False(found.Holds);
    }

    [Theory]
    [InlineData("t", "SENT")]
    [InlineData("other", "INBOX")]
    public void Another_label_or_conversation_is_a_difference(string thread, string label) =>
        Assert.Equal(["a"], Compare([There("a", "t", "INBOX")], ("a", thread, [label])).Differing);

    [Fact]
    public void Sending_holds_when_each_approved_mail_left_once()
    {
        var found = DemoChecks.Sending(Left(("a", 1), ("b", 1)), new HashSet<string> { "a", "b" });

        Assert.True(found.Holds);
        Assert.Equal(2, found.Once);
    }

    [Fact]
    public void Twice_never_and_unapproved_are_told_apart()
    {
        var found = DemoChecks.Sending(Left(("a", 2), ("c", 1)), new HashSet<string> { "a", "b" });

        Assert.Equal(["a"], found.Twice);
        Assert.Equal(["b"], found.Never);
        Assert.Equal(["c"], found.Unapproved);
        Assert.Equal(0, found.Once);
    }

    private static MailAgreement Compare(
        DemoShapes.DumpedMessage[] there, params (string Id, string Thread, string[] Labels)[] kept) =>
        DemoChecks.Mail(
            new DemoShapes.Dump(there, []),
            kept.ToDictionary(one => one.Id, one => new KeptMessage(one.Thread, [.. one.Labels])));

    private static DemoShapes.DumpedMessage There(string id, string thread, params string[] labels) =>
        new(id, thread, labels, null);

    private static Dictionary<string, int> Left(params (string Id, int Times)[] left) =>
        left.ToDictionary(one => one.Id, one => one.Times);
}
