using System.Globalization;
using System.Text;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Sync.Published;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>An action as a person reads it: what it is, whom it reaches, and what is different from what stands there now.</summary>
internal static class ShowAction
{
    /// <summary>Whom or what it concerns, in a list.</summary>
    public static string Whom(OutgoingAction action) => action switch
    {
        OutgoingMail mail => string.Join(", ", mail.To.Select(NameOf)),
        OutgoingEvent one when one.Recipients.Any() => $"Event with {string.Join(", ", one.Recipients.Select(NameOf))}",
        OutgoingEvent => "Event",
        OutgoingTask { Account: null } => "Task for the practice",
        _ => "Task",
    };

    public static ActionView View(Approval approval) => approval.Action switch
    {
        OutgoingMail mail => Of(approval, mail),
        OutgoingEvent one => Of(approval, one),
        OutgoingTask task => Of(approval, task),
        _ => throw new InvalidOperationException("An action of no known kind."),
    };

    private static ActionView Of(Approval approval, OutgoingMail mail)
    {
        List<LineView> lines = [Line("From", mail.From.Address.Text), People("To", mail.To)];
        if (!mail.Cc.IsEmpty)
        {
            lines.Add(People("Copy to", mail.Cc));
        }

        lines.Add(Line("Subject", mail.Subject));
        return new ActionView(
            "mail",
            mail.Subject,
            lines,
            mail.Text,
            [.. mail.Attachments.Select((one, at) => new AttachmentView(
                one.Name, one.MediaType, Size(one.Size), IsKept(approval) ? $"{ShowApproval.AddressOf(approval.Id)}/attachments/{at}" : null))],
            approval.Bytes is { } mime ? Encoding.ASCII.GetString(mime) : null,
            "mail",
            approval.Digest.Hex,
            approval.Because,
            mail.InReplyTo.Length > 0 ? "A reply in the conversation." : "A new conversation.",
            "Approve and send");
    }

    /// <summary>What was attached is kept for as long as it may still leave.</summary>
    private static bool IsKept(Approval approval) =>
        approval.State is ApprovalState.Waiting or ApprovalState.Approved or ApprovalState.Sending;

    private static ActionView Of(Approval approval, OutgoingEvent one)
    {
        var (before, after) = (one.Before, one.After);
        List<LineView> lines =
        [
            Line("Calendar", CalendarOf(one) is { Length: > 0 } other ? [one.Account.Text, other] : [one.Account.Text]),
            Changed("Title", before, after, static content => [content.Title]),
            Changed("When", before, after, static content => Span(content.When)),
        ];
        foreach (var (name, read) in new (string, Func<EventContent, string[]>)[]
        {
            ("Where", static content => content.Location.Length > 0 ? [content.Location] : []),
            ("Guests", static content => [.. content.Guests.Select(static guest => Party(new MailParty(guest.Address, guest.Name)))]),
        })
        {
            var line = Changed(name, before, after, read) with { ArePeople = name == "Guests" };
            lines.AddRange(line.Values.Count + line.Before.Count > 0 ? [line] : []);
        }

        if (before is not null && after is not null && before.Description != after.Description && before.Description.Length > 0)
        {
            lines.Add(new LineView("Text now", [], [before.Description]));
        }

        if (one.Recipients.Any())
        {
            lines.Add(Line("Guests are told", one.Order.TellGuests ? "Yes, the provider writes to them" : "No"));
        }

        var (sort, button) = one.Order switch
        {
            EventOrder.Create => ("A new event.", "Approve and make the event"),
            EventOrder.Change => ("A change of an event.", "Approve and change the event"),
            _ => ("An event that is cancelled.", "Approve and cancel the event"),
        };
        return new ActionView(
            "event", one.Title, lines, one.Body, [], Call(approval), "call", approval.Digest.Hex, approval.Because, sort, button);
    }

    private static ActionView Of(Approval approval, OutgoingTask task)
    {
        List<LineView> lines =
        [
            Line("List", task.Account?.Text ?? "The practice's own"),
            Line("Title", task.Title),
        ];
        if (task.Order.Task.Due is { } due)
        {
            lines.Add(Line("Due", Day(due)));
        }

        return new ActionView(
            "task", task.Title, lines, task.Body, [], Call(approval) ?? Encoding.UTF8.GetString(approval.Outgoing), "task",
            approval.Digest.Hex, approval.Because, "A new task.", "Approve and put it on the list");
    }

    private static LineView Line(string name, params string[] values) => new(name, values, []);

    private static LineView People(string name, IEnumerable<MailParty> parties) =>
        new(name, [.. parties.Select(Party)], [], ArePeople: true);

    private static LineView Changed(
        string name, EventContent? before, EventContent? after, Func<EventContent, string[]> read)
    {
        string[] now = before is null ? [] : read(before);
        string[] then = after is null ? now : read(after);
        return new LineView(name, then, after is null || before is null || now.SequenceEqual(then) ? [] : now);
    }

    // Empty for the account's main one.
    private static string CalendarOf(OutgoingEvent one) =>
        one.Place?.Calendar ?? (one.Order is EventOrder.Create create ? create.Calendar : "");

    private static string? Call(Approval approval) =>
        approval.Write is { } write ? Encoding.UTF8.GetString(write.Bytes) : null;

    private static string[] Span(EventSpan when) => when switch
    {
        EventSpan.Timed timed when timed.Start.Date == timed.End.Date =>
            [$"{Day(DateOnly.FromDateTime(timed.Start))}, {Clock(timed.Start)} to {Clock(timed.End)} ({timed.Zone})"],
        EventSpan.Timed timed =>
        [
            $"{Day(DateOnly.FromDateTime(timed.Start))}, {Clock(timed.Start)} to "
            + $"{Day(DateOnly.FromDateTime(timed.End))}, {Clock(timed.End)} ({timed.Zone})",
        ],
        EventSpan.AllDay days when days.First == days.Last => [$"{Day(days.First)}, all day"],
        EventSpan.AllDay days => [$"{Day(days.First)} to {Day(days.Last)}, all day"],
        _ => throw new InvalidOperationException("A span of no known kind."),
    };

    private static string Day(DateOnly day) => day.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Clock(DateTime time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Size(int bytes) => bytes < 1_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : bytes < 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000.0:0} KB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");

    private static string NameOf(MailParty party) => party.Name.Length > 0 ? party.Name : party.Address.Text;

    private static string Party(MailParty party) =>
        party.Name.Length > 0 ? $"{party.Name} <{party.Address.Text}>" : party.Address.Text;
}
