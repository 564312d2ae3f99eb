using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PracticPro.Approvals;
using PracticPro.Sync.Published;
using PracticPro.Tests.Approvals;
using PracticPro.Tests.Contracts;
using PracticPro.Web;
using PracticPro.Web.Pages;

namespace PracticPro.Tests.Web;

/// <summary>How an approval's edit form is filled and read.</summary>
public sealed class EditFormTests
{
    private static readonly EventContent Visit = EventWriterContract.Visit;

    [Fact]
    public void A_form_that_is_sent_as_it_was_filled_changes_nothing()
    {
        var view = Filled(Visit);
        var edit = EditForm.Read(Sent(
            ("title", view.Title), ("start", view.Start!), ("end", view.End!), ("zone", view.Zone!), ("location", view.Location),
            ("guests", view.Guests), ("description", view.Description)));
        var content = EventDrafts.Write(edit.Event, Visit).Expect();
        Assert.True(content.Says(Visit));
        Assert.Equal(Visit.Guests, content.Guests);
    }

    [Fact]
    public void Whole_days_are_days_in_the_form_as_well()
    {
        var days = Visit with { When = new EventSpan.AllDay(new(2027, 3, 15), new(2027, 3, 16)) };
        var view = Filled(days);
        Assert.Equal((null, "2027-03-15", "2027-03-16"), (view.Start, view.FirstDay, view.LastDay));
        var edit = EditForm.Read(Sent(
            ("title", view.Title), ("firstDay", "2027-03-15"), ("lastDay", "2027-03-18"), ("location", ""), ("guests", ""), ("description", "")));
        var content = EventDrafts.Write(edit.Event, days).Expect();
        Assert.Equal(new EventSpan.AllDay(new(2027, 3, 15), new(2027, 3, 18)), content.When);
        Assert.Equal(("", "", 0), (content.Location, content.Description, content.Guests.Length));
    }

    [Theory]
    [InlineData("firstDay", "the Ides of March")]
    [InlineData("start", "half past nine")]
    [InlineData("zone", "")]
    [InlineData("guests", "somebody")]
    public void What_cannot_be_read_is_refused_and_not_taken_for_unchanged(string field, string value)
    {
        Dictionary<string, string> fields = field == "firstDay"
            ? new() { ["title"] = "T", ["lastDay"] = "2027-03-16" }
            : new() { ["title"] = "T", ["start"] = "2027-03-15T09:30", ["end"] = "2027-03-15T10:00", ["zone"] = "Europe/Berlin" };
        fields[field] = value;
        var edit = EditForm.Read(Sent([.. fields.Select(static pair => (pair.Key, pair.Value))]));
        Assert.IsType<ApprovalFailures.BadEvent>(EventDrafts.Write(edit.Event, Visit).Failure);
    }

    [Fact]
    public void A_task_whose_day_is_none_is_refused_and_one_without_a_day_is_not()
    {
        Assert.IsType<ApprovalFailures.BadTask>(
            TaskDrafts.Write(EditForm.Read(Sent(("title", "Call"), ("due", "soon"))).Task).Failure);
        Assert.Equal(
            new TaskContent("Call", null, "Mornings."),
            TaskDrafts.Write(EditForm.Read(Sent(("title", "Call"), ("due", ""), ("notes", "Mornings."))).Task).Expect());
    }

    [Fact]
    public void A_cancelled_event_has_nothing_to_edit()
    {
        var cancelled = new OutgoingEvent(
            AnyGateFacts.Mailbox, new EventOrder.Cancel(new EventPlace("", "1f38"), "\"7\"", TellGuests: true), Visit);
        Assert.Null(EditForm.Of(cancelled, []));
    }

    private static EventEditView Filled(EventContent content) => Assert.IsType<EventEditView>(EditForm.Of(
        new OutgoingEvent(AnyGateFacts.Mailbox, new EventOrder.Change(new EventPlace("", "1f38"), "\"7\"", content, TellGuests: true), Visit), []));

    private static Form Sent(params (string Name, string Value)[] fields) => new(new FormCollection(
        fields.ToDictionary(static field => field.Name, static field => new StringValues(field.Value))));
}
