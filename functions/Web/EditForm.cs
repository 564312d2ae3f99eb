using System.Globalization;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Sync.Published;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The edit form of an approval: filled with what is there, read, and shown again with what was typed. Pure.</summary>
internal static class EditForm
{
    private const string Minute = "yyyy-MM-dd'T'HH:mm";
    private const string Day = "yyyy-MM-dd";
    private static readonly char[] BetweenAddresses = ['\n', '\r', ',', ';', ' '];

    /// <summary>The form with what is there; null for what cannot be edited.</summary>
    /// <param name="senders">From which addresses a mail may leave; none where there is no choice.</param>
    public static EditView? Of(OutgoingAction action, IReadOnlyList<string> senders) => action switch
    {
        OutgoingMail mail => new MailEditView(
            mail.From.Address.Text,
            senders,
            string.Join('\n', mail.To.Select(static party => party.Address.Text)),
            mail.Subject,
            mail.Text,
            Open: false),
        OutgoingEvent { After: { } after } => Of(after),
        OutgoingTask task => new TaskEditView(task.Title, Text(task.Order.Task.Due), task.Order.Task.Notes, Open: false),
        _ => null,
    };

    /// <summary>What was typed, so that nothing of it is lost.</summary>
    /// <param name="there">The form as it was filled.</param>
    public static EditView? Typed(EditView? there, Form form) => there switch
    {
        MailEditView mail => mail with { From = form["from"], To = form["to"], Subject = form["subject"], Text = form["text"], Open = true },
        EventEditView one => one with
        {
            Title = form["title"],
            Start = one.Start is null ? null : form["start"],
            End = one.End is null ? null : form["end"],
            Zone = one.Zone is null ? null : form["zone"],
            FirstDay = one.FirstDay is null ? null : form["firstDay"],
            LastDay = one.LastDay is null ? null : form["lastDay"],
            Location = form["location"],
            Guests = form["guests"],
            Description = form["description"],
            Open = true,
        },
        TaskEditView task => task with { Title = form["title"], Due = form["due"], Notes = form["notes"], Open = true },
        _ => there,
    };

    /// <summary>What the form asks for. What cannot be read is left out, and refused where it is needed.</summary>
    public static EditApproval.Edit Read(Form form) => new(form["digest"], Addresses(form["to"]), form["subject"], form["text"])
    {
        From = form["from"],
        Event = Event(form),
        Task = Task(form),
    };

    private static EventEditView Of(EventContent content)
    {
        var (timed, days) = (content.When as EventSpan.Timed, content.When as EventSpan.AllDay);
        return new EventEditView(
            content.Title,
            timed?.Start.ToString(Minute, CultureInfo.InvariantCulture),
            timed?.End.ToString(Minute, CultureInfo.InvariantCulture),
            timed?.Zone,
            days is null ? null : Text(days.First),
            days is null ? null : Text(days.Last),
            content.Location,
            string.Join('\n', content.Guests.Select(static guest => guest.Address.Text)),
            content.Description,
            Open: false);
    }

    // A day that is none must not be taken for one that nobody wanted to change.
    private static EventDraft? Event(Form form)
    {
        var (first, last) = (DayOf(form["firstDay"]), DayOf(form["lastDay"]));
        return form.Has("firstDay") && (first is null || last is null)
            ? null
            : new ProposalRequests.EventWish(
                form["title"],
                form["description"],
                form["location"],
                Value(form, "start"),
                Value(form, "end"),
                Value(form, "zone"),
                first,
                last,
                Addresses(form["guests"])).Read();
    }

    private static TaskContent? Task(Form form)
    {
        var due = DayOf(form["due"]);
        return form["due"].Length > 0 && due is null
            ? null
            : new ProposalRequests.TaskWish(form["title"], due, form["notes"]).Read();
    }

    private static string[] Addresses(string text) =>
        text.Split(BetweenAddresses, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Value(Form form, string name) => form.Has(name) ? form[name] : null;

    private static string Text(DateOnly? day) => day?.ToString(Day, CultureInfo.InvariantCulture) ?? "";

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
