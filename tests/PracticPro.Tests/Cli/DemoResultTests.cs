using PracticPro.Cli.Demo;

namespace PracticPro.Tests.Cli;

public sealed class DemoResultTests
{
    private static readonly DemoResult Good = new(7117, 12, 6, 1, 6, 0, 0, 136, true, 41.5, "standalone", 232, 40, 94, 87, 35, 3, 140);

    [Fact]
    public void It_is_one_line_of_json_with_these_names_in_this_order() =>
        Assert.Equal(
            """
            {"messages":7117,"drafts":12,"approved":6,"rejected":1,"sent":6,"sentTwice":0,"lost":0,"auditLeaves":136,"auditVerified":true,"seconds":41.5,"mode":"standalone","events":232,"customers":40,"invoices":94,"payments":87,"outlookMessages":35,"notified":3,"outlookEvents":140}
            """,
            Good.ToJson());

    [Fact]
    public void It_holds_when_everything_does() => Assert.True(Good.Holds(atLeast: 2000));

    public static TheoryData<string> Faults =>
        ["few", "none approved", "none rejected", "unsent", "twice", "lost", "unverified", "no events", "no books", "no letters", "no appointments", "unheard"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void It_does_not_hold_when_one_thing_is_wrong(string fault)
    {
        var result = fault switch
        {
            "few" => Good with { Messages = 1999 },
            "none approved" => Good with { Approved = 0, Sent = 0 },
            "none rejected" => Good with { Rejected = 0 },
            "unsent" => Good with { Sent = 5 },
            "twice" => Good with { SentTwice = 1 },
            "lost" => Good with { Lost = 1 },
            "no events" => Good with { Events = 0 },
            "no books" => Good with { Payments = 0 },
            "no letters" => Good with { OutlookMessages = 0 },
            "no appointments" => Good with { OutlookEvents = 0 },
            "unheard" => Good with { Notified = 2 },
            _ => Good with { AuditVerified = false },
        };

        Assert.False(result.Holds(atLeast: 2000));
    }
}
