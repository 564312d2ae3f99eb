using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;

namespace PracticPro.Tests.Approvals;

[Trait("Promise", "APR-2")]
public sealed class SixGatesTests
{
    private static readonly GateFacts Approved = AnyGateFacts.Approved;

    [Fact]
    public void What_speaks_for_itself_passes_all_six_gates()
    {
        Assert.Equal(Enum.GetValues<GateName>(), SixGates.Evaluate(Approved).Select(gate => gate.Gate));
        Assert.Empty(AnyGateFacts.Reasons(Approved));
    }

    [Fact]
    public void Only_a_person_with_the_permission_and_a_fresh_session_decides()
    {
        Only(Approved with { Approver = Approved.Approver! with { Actor = new Actor.Job("assistant") } }, "not-a-person");
        Only(Approved with { Approver = Approved.Approver! with { Permissions = Roles.PermissionsOf(Roles.FrontDesk) } }, "may-not-approve");
        Only(
            Approved with { Approver = Approved.Approver! with { SignedInAt = AnyGateFacts.Now - ActorGate.FreshFor - TimeSpan.FromSeconds(1) } },
            "session-stale");
    }

    [Fact]
    public void The_mailbox_must_be_alive_and_allowed_and_the_recipient_willing()
    {
        Only(Approved with { Sender = Approved.Sender with { Active = false } }, "mailbox-not-connected");
        Only(Approved with { Sender = Approved.Sender with { MaySend = false } }, "scope-missing");
        Only(Approved with { Sender = Approved.Sender with { OutboundAllowed = false } }, "outbound-off");
        Only(Approved with { Sender = Approved.Sender with { Mailbox = AnyGateFacts.Ada } }, "foreign-sender");
        Only(Approved with { Recipients = Approved.Recipients with { OptedOut = [AnyGateFacts.Ada] } }, "opted-out");
    }

    [Fact]
    public void A_verified_address_of_the_mailbox_may_be_the_sender()
    {
        var alias = Approved with { Action = AnyGateFacts.Mail with { From = new MailParty(AnyGateFacts.Ada, "") } };
        Only(alias, "foreign-sender");
        Assert.Empty(AnyGateFacts.Reasons(alias with { Sender = alias.Sender with { Aliases = [AnyGateFacts.Ada] } }));
    }

    [Theory]
    [InlineData("Zero\u200Bwidth", "invisible-characters")]
    [InlineData("Right\u202Eto left", "invisible-characters")]
    [InlineData("Bell\u0007", "invisible-characters")]
    [InlineData("p\u0430ypal", "look-alike-letters")]
    [InlineData("Dear {{name}},", "template-mark")]
    [InlineData("Dear [FIRST NAME],", "template-mark")]
    [InlineData("password: hunter22", "secret")]
    [InlineData("-----BEGIN PRIVATE KEY-----", "secret")]
    [InlineData("AKIAABCDEFGHIJKLMNOP", "secret")]
    [InlineData("Yours is 123-45-6789.", "identifier-in-text")]
    [InlineData("Card 4111 1111 1111 1111", "identifier-in-text")]
    [InlineData("Card 4111 1111 1111 1112", "identifier-in-text")]
    [InlineData(" ", "length")]
    public void What_an_approver_cannot_see_or_should_not_send_is_refused(string text, string code) =>
        Only(AnyGateFacts.Saying(text), code);

    [Theory]
    [InlineData("Call 030 1234567 or +49 30 1234567.")]
    [InlineData("The bill of 12.03.2027 over 1,234.56 EUR.")]
    [InlineData("Привет, Ada! Γειά σου. Grüße aus Köln. 日本語 🙂")]
    [InlineData("50% off, 100% sure.")]
    public void What_people_write_every_day_passes(string text) => Assert.Empty(AnyGateFacts.Reasons(AnyGateFacts.Saying(text)));

    [Fact]
    public void A_subject_is_held_to_more_than_a_text()
    {
        Only(AnyGateFacts.Saying("Text.", "Your order 1234567890123"), "identifier-in-subject");
        Only(AnyGateFacts.Saying("Text.", new string('a', 251)), "length");
        Only(AnyGateFacts.Saying("Text.", "One\nBcc: two@mail.example"), "line-break-in-header");
    }

    [Theory]
    [InlineData("ada@clinic-frlends.example")]
    [InlineData("ada@cllnic-friends.example")]
    [InlineData("ada@clinicfriends.example")]
    [InlineData("ada@clinic-freinds.example")]
    [InlineData("ada@clinic-friend.example")]
    public void A_domain_dressed_up_as_a_known_one_is_refused(string address)
    {
        var reasons = AnyGateFacts.Reasons(AnyGateFacts.To(address));
        Assert.Contains(("look-alike-domain", Verdict.Refuse), reasons);
    }

    [Theory]
    [InlineData("bob@clinic-friends.example")]
    [InlineData("bob@harbour.example")]
    [InlineData("bob@ymail.com")]
    public void A_stranger_needs_a_second_look_and_no_more(string address)
    {
        var facts = AnyGateFacts.To(address);
        facts = facts with { Recipients = facts.Recipients with { WrittenToDomains = ["clinic-friends.example", "gmail.com"] } };
        Assert.Equal([("new-recipient", Verdict.Confirm)], AnyGateFacts.Reasons(facts));
    }

    [Fact]
    public void Somebody_who_wrote_first_from_a_look_alike_domain_needs_a_second_look()
    {
        var facts = AnyGateFacts.To("ada@clinic-frlends.example");
        facts = facts with { Recipients = facts.Recipients with { Known = [EmailAddress.Parse("ada@clinic-frlends.example")] } };
        Assert.Equal([("look-alike-sender", Verdict.Confirm)], AnyGateFacts.Reasons(facts));
    }

    [Fact]
    public void Recipients_are_there_are_few_and_are_named_once()
    {
        var ada = new MailParty(AnyGateFacts.Ada, "");
        Only(Approved with { Action = AnyGateFacts.Mail with { To = [] } }, "no-recipient");
        Only(Approved with { Action = AnyGateFacts.Mail with { Cc = [ada] } }, "recipient-twice");
        var eleven = Enumerable.Range(0, 11).Select(at => EmailAddress.Parse($"p{at}@clinic-friends.example")).ToImmutableHashSet();
        Only(
            Approved with
            {
                Action = AnyGateFacts.Mail with { To = [.. eleven.Select(address => new MailParty(address, ""))] },
                Recipients = Approved.Recipients with { Known = eleven, WrittenTo = eleven },
            },
            "too-many-recipients");
    }

    [Fact]
    public void Too_much_at_once_is_refused_and_repeats_and_quiet_hours_need_a_second_look()
    {
        Only(Approved with { Pace = Approved.Pace with { SentLastHour = PaceGate.MostAnHour } }, "too-much-at-once");
        Only(Approved with { Pace = Approved.Pace with { SentLastDay = PaceGate.MostADay } }, "too-much-at-once");
        Only(Approved with { Pace = Approved.Pace with { SameSentLastDay = true } }, "sent-already", Verdict.Confirm);
        var quiet = new QuietHours(new TimeOnly(20, 0), new TimeOnly(8, 0), TimeSpan.FromHours(-2));
        Only(Approved with { Pace = Approved.Pace with { QuietHours = quiet } }, "quiet-hours", Verdict.Confirm);
    }

    [Theory]
    [InlineData(19, 59, false)]
    [InlineData(20, 0, true)]
    [InlineData(0, 0, true)]
    [InlineData(7, 59, true)]
    [InlineData(8, 0, false)]
    public void Quiet_hours_span_midnight(int hour, int minute, bool quiet) => Assert.Equal(
        quiet,
        new QuietHours(new TimeOnly(20, 0), new TimeOnly(8, 0), TimeSpan.Zero).Contains(
            new DateTimeOffset(2027, 3, 1, hour, minute, 0, TimeSpan.Zero)));

    [Fact]
    public void Without_a_person_it_waits_and_for_other_content_it_is_refused()
    {
        Only(Approved with { Approver = null }, "awaits-approval", Verdict.Confirm);
        Only(Approved with { Approver = Approved.Approver! with { DigestMatches = false } }, "other-content-approved");
    }

    [Fact]
    public void Only_what_was_seen_may_be_released()
    {
        var shown = SixGates.Evaluate(Approved with { Approver = null });
        Assert.True(SixGates.MayRelease(shown, SixGates.Evaluate(Approved)));
        var repeated = Approved with { Pace = Approved.Pace with { SameSentLastDay = true } };
        Assert.False(SixGates.MayRelease(shown, SixGates.Evaluate(repeated)));
        Assert.True(SixGates.MayRelease(SixGates.Evaluate(repeated with { Approver = null }), SixGates.Evaluate(repeated)));
        var refused = Approved with { Sender = Approved.Sender with { Active = false } };
        Assert.False(SixGates.MayRelease(SixGates.Evaluate(refused), SixGates.Evaluate(refused)));
    }

    private static void Only(GateFacts facts, string code, Verdict verdict = Verdict.Refuse) =>
        Assert.Equal([(code, verdict)], AnyGateFacts.Reasons(facts));
}
