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

    [Fact]
    public void Appointments_are_compared_by_name_and_times_within_the_days_that_were_read()
    {
        var noon = new DateTimeOffset(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);
        DemoShapes.Appointment[] there = [At("same", noon), At("moved", noon), At("missed", noon), At("earlier", noon.AddDays(-2))];
        DemoShapes.Appointment[] kept =
            [At("same", noon.ToOffset(TimeSpan.FromHours(1))), At("moved", noon.AddHours(1)), At("gone", noon), At("later", noon.AddDays(2))];

        var found = DemoChecks.Items(Seen(there), Seen(kept));

        Assert.Equal(new Agreement(Agreeing: 1, Missing: 1, Surplus: 1, Differing: 1), found);

        IReadOnlyDictionary<string, string> Seen(DemoShapes.Appointment[] all) =>
            DemoChecks.Appointments(all, noon.AddDays(-1), noon.AddDays(1));
    }

    private static DemoShapes.Appointment At(string id, DateTimeOffset start) => new(id, "A talk", start, start.AddHours(1));

    private static MailAgreement Compare(
        DemoShapes.DumpedMessage[] there, params (string Id, string Thread, string[] Labels)[] kept) =>
        DemoChecks.Mail(
            new DemoShapes.Dump(there, []),
            kept.ToDictionary(one => one.Id, one => new KeptMessage(one.Thread, [.. one.Labels])));

    private static DemoShapes.DumpedMessage There(string id, string thread, params string[] labels) =>
        new(id, thread, labels);

    private static Dictionary<string, int> Left(params (string Id, int Times)[] left) =>
        left.ToDictionary(one => one.Id, one => one.Times);
}
