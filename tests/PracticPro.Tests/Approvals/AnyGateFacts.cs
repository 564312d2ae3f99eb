using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;

namespace PracticPro.Tests.Approvals;

/// <summary>Facts with which every gate passes once a person has approved; a test changes the one it is about.</summary>
internal static class AnyGateFacts
{
    public static readonly EmailAddress Ada = EmailAddress.Parse("ada@clinic-friends.example");
    public static readonly EmailAddress Mailbox = EmailAddress.Parse("owner@harbour-clinic.example");
    public static readonly DateTimeOffset Now = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static readonly OutgoingMail Mail = new(
        new MailParty(Mailbox, ""),
        [new MailParty(Ada, "Ada Okafor")],
        Cc: [],
        "Re: A question",
        "We will call you tomorrow.\n\nKind regards\nHarbour Clinic",
        "<approval-1.r1@outbox.practicpro.example>",
        "<q1@mail.example>",
        "<q0@mail.example> <q1@mail.example>",
        Now);

    public static readonly GateFacts Approved = new(
        Mail,
        new Actor.Job("assistant"),
        new ApproverFacts(
            new Actor.Person(PersonId.New(TimeProvider.System)), Roles.PermissionsOf(Roles.Owner), Now.AddHours(-1), DigestMatches: true),
        new SenderFacts(Mailbox, Active: true, MaySend: true, OutboundAllowed: true),
        new RecipientFacts([Ada], OptedOut: [], WrittenTo: [Ada], WrittenToDomains: ["clinic-friends.example"]),
        new PaceFacts(0, 0, SameSentLastDay: false, QuietHours: null),
        Now);

    public static GateFacts To(string address) => Approved with
    {
        Action = Mail with { To = [new MailParty(EmailAddress.Parse(address), "")] },
        Recipients = Approved.Recipients with { Known = [], WrittenTo = [] },
    };

    public static GateFacts Saying(string text, string? subject = null) =>
        Approved with { Action = Mail with { Text = text, Subject = subject ?? Mail.Subject } };

    public static ImmutableArray<(string Code, Verdict Verdict)> Reasons(GateFacts facts) =>
        [.. SixGates.Evaluate(facts).SelectMany(gate => gate.Reasons).Select(reason => (reason.Code, reason.Verdict))];
}
