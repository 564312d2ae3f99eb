using PracticPro.Approvals;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Approvals;

/// <summary>The gates, for events and tasks: each reason alone, and no other.</summary>
[Trait("Promise", "APR-2")]
public sealed class ActionGatesTests
{
    private static readonly WriteMark Mark = new("1f3870be274f6c49b3e31a0c6728957f");
    private static readonly EventContent Visit = EventWriterContract.Visit;

    [Fact]
    public void What_speaks_for_itself_passes_all_six_gates()
    {
        Assert.Empty(AnyGateFacts.Reasons(Of(Visit)));
        Assert.Empty(AnyGateFacts.Reasons(Of(new TaskContent("Call Ada", new(2027, 3, 15), ""))));
        Assert.Empty(AnyGateFacts.Reasons(OfOwn(new TaskContent("Call Ada", null, ""))));
    }

    [Fact]
    public void A_time_there_is_and_ends_after_it_begins()
    {
        Only(Of(Visit with { When = At(9, 30, 10, 15, "Europe/Nowhere") }), "no-such-time");
        Only(Of(Visit with { When = new EventSpan.Timed(new(2027, 3, 28, 2, 30, 0), new(2027, 3, 28, 4, 0, 0), "Europe/Berlin") }), "no-such-time");
        Only(Of(Visit with { When = At(9, 30, 9, 30, "Europe/Berlin") }), "event-span");
        Only(Of(Visit with { When = new EventSpan.AllDay(new(2027, 3, 20), new(2027, 3, 19)) }), "event-span");
        Only(Of(Visit with { When = new EventSpan.AllDay(new(2027, 3, 20), new(2027, 6, 19)) }), "event-span");
        Only(
            Of(Visit with { When = new EventSpan.Timed(new(2027, 10, 31, 2, 30, 0), new(2027, 10, 31, 4, 0, 0), "Europe/Berlin") }),
            "time-twice", Verdict.Confirm);
        Only(Of(Visit with { When = new EventSpan.AllDay(new(2027, 2, 1), new(2027, 2, 2)) }), "event-in-the-past", Verdict.Confirm);
        Only(Of(new TaskContent("Call Ada", new(2027, 2, 26), "")), "due-in-the-past", Verdict.Confirm);
    }

    [Fact]
    public void What_an_approver_cannot_see_or_should_not_send_is_refused_in_every_field()
    {
        Only(Of(Visit with { Title = "Zero\u200Bwidth" }), "invisible-characters");
        Only(Of(Visit with { Location = "p\u0430ypal" }), "look-alike-letters");
        Only(Of(Visit with { Description = "Dear {{name}}," }), "template-mark");
        Only(Of(Visit with { Description = "password: hunter22" }), "secret");
        Only(Of(Visit with { Title = "123-45-6789" }), "identifier-in-subject");
        Only(Of(new TaskContent("Call Ada", null, "Card 4111 1111 1111 1111")), "identifier-in-text");
        Only(OfOwn(new TaskContent(" ", null, "")), "length");
    }

    [Fact]
    public void Guests_are_recipients_and_those_who_are_uninvited_too()
    {
        var stranger = new EventGuest(EmailAddress.Parse("bob@elsewhere.example"), "");
        Only(Of(Visit with { Guests = [.. Visit.Guests, stranger] }), "new-recipient", Verdict.Confirm);
        Only(Of(Visit with { Guests = [.. Visit.Guests, .. Visit.Guests] }), "recipient-twice");
        var change = new EventOrder.Change(new("", "e1"), "\"1\"", Visit, TellGuests: true);
        Assert.Empty(AnyGateFacts.Reasons(With(new OutgoingEvent(AnyGateFacts.Mailbox, change, Visit))));
        Only(With(new OutgoingEvent(AnyGateFacts.Mailbox, change, Visit with { Guests = [stranger] })), "new-recipient", Verdict.Confirm);
    }

    [Fact]
    public void Others_events_are_not_changed_and_a_series_or_silence_needs_a_second_look()
    {
        var change = new EventOrder.Change(new("", "e1"), "\"1\"", Visit, TellGuests: true);
        Only(With(new OutgoingEvent(AnyGateFacts.Mailbox, change, Visit, IsOurs: false)), "not-the-organiser");
        Only(With(new OutgoingEvent(AnyGateFacts.Mailbox, change, Visit, IsSeries: true)), "whole-series", Verdict.Confirm);
        Only(With(new OutgoingEvent(AnyGateFacts.Mailbox, change with { TellGuests = false }, Visit)), "guests-not-told", Verdict.Confirm);
    }

    [Fact]
    public void What_somebody_else_wrote_does_not_keep_an_event_from_being_cancelled() => Assert.Empty(AnyGateFacts.Reasons(With(
        new OutgoingEvent(
            AnyGateFacts.Mailbox,
            new EventOrder.Cancel(new("", "e1"), "\"1\"", TellGuests: true),
            Visit with { Description = "Dial in: https://meet.example/\u200Bx {{link}}" }))));

    [Fact]
    public void The_account_must_be_alive_and_the_one_it_is_for()
    {
        var visit = Of(Visit);
        Only(visit with { Sender = visit.Sender with { Active = false } }, "account-not-connected");
        Only(visit with { Sender = visit.Sender with { MaySend = false } }, "scope-missing");
        Only(visit with { Sender = visit.Sender with { Mailbox = AnyGateFacts.Ada } }, "foreign-account");
        Only(visit with { Sender = visit.Sender with { Mailbox = AnyGateFacts.Ada, Aliases = [AnyGateFacts.Mailbox] } }, "foreign-account");
        Only(visit with { Recipients = visit.Recipients with { OptedOut = [AnyGateFacts.Ada] } }, "opted-out");
        Only(visit with { Pace = visit.Pace with { SameSentLastDay = true } }, "done-already", Verdict.Confirm);
    }

    [Fact]
    public void Quiet_hours_are_for_what_reaches_somebody()
    {
        var quiet = new QuietHours(new TimeOnly(8, 0), new TimeOnly(10, 0), TimeSpan.Zero);
        var pace = AnyGateFacts.Approved.Pace with { QuietHours = quiet };
        Only(Of(Visit) with { Pace = pace }, "quiet-hours", Verdict.Confirm);
        Assert.Empty(AnyGateFacts.Reasons(OfOwn(new TaskContent("Call Ada", null, "")) with { Pace = pace }));
    }

    private static EventSpan.Timed At(int hour, int minute, int endHour, int endMinute, string zone) =>
        new EventSpan.Timed(new(2027, 3, 15, hour, minute, 0), new(2027, 3, 15, endHour, endMinute, 0), zone);

    private static GateFacts Of(EventContent content) =>
        With(new OutgoingEvent(AnyGateFacts.Mailbox, new EventOrder.Create(Mark, "", content, TellGuests: true)));

    private static GateFacts Of(TaskContent content) => With(new OutgoingTask(AnyGateFacts.Mailbox, new TaskOrder(Mark, content)));

    private static GateFacts OfOwn(TaskContent content)
    {
        var facts = With(new OutgoingTask(null, new TaskOrder(Mark, content)));
        return facts with { Sender = facts.Sender with { Mailbox = null } };
    }

    private static GateFacts With(OutgoingAction action) => AnyGateFacts.Approved with { Action = action };

    private static void Only(GateFacts facts, string code, Verdict verdict = Verdict.Refuse) =>
        Assert.Equal([(code, verdict)], AnyGateFacts.Reasons(facts));
}
