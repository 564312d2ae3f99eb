using System.Text.Json.Nodes;
using PracticPro.Sandbox.Practice;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Files the practice's appointments as events that were always there: guests invited, occurrences moved and called
/// off, cancelled ones deleted.
/// </summary>
internal static class CalendarSeeding
{
    public static void Fill(EventCalendar calendar, PracticeBook practice)
    {
        Seeded ids = calendar.Made.For("ids");
        Seeded answers = calendar.Made.For("answers");
        foreach (PracticeAppointment held in practice.Appointments)
        {
            JsonObject written = Written(calendar, held, answers);
            StoredEvent kept = calendar.Add(
                new StoredEvent(CalendarIds.New(ids), written, held.EnteredAt), alwaysThere: true);
            foreach (OccurrenceChange change in held.Changes)
            {
                Except(calendar, kept, held, change);
            }

            if (held.State == AppointmentState.Cancelled)
            {
                calendar.Delete(kept, alwaysThere: true);
            }
        }
    }

    public static JsonObject Written(EventCalendar calendar, PracticeAppointment held, Seeded answers)
    {
        var written = new JsonObject
        {
            ["summary"] = held.Summary,
            ["start"] = Time(calendar, held, held.Start),
            ["end"] = Time(calendar, held, held.End),
            ["status"] = held.State == AppointmentState.Tentative ? "tentative" : "confirmed",
        };
        if (held.Location is not null)
        {
            written["location"] = held.Location;
        }

        if (held.Client is PracticeClient client)
        {
            written["description"] = $"Notes for {client.GivenName}. Phone {client.Phone}.";
            string[] said = ["accepted", "accepted", "accepted", "needsAction", "tentative", "declined"];
            written["attendees"] = new JsonArray(
                new JsonObject
                {
                    ["email"] = calendar.Owner,
                    ["organizer"] = true,
                    ["self"] = true,
                    ["responseStatus"] = "accepted",
                },
                new JsonObject
                {
                    ["email"] = client.Mail,
                    ["displayName"] = client.Name,
                    ["responseStatus"] = said[answers.Below(said.Length)],
                });
        }

        if (held.Recurrence.Count > 0)
        {
            written["recurrence"] = new JsonArray([.. held.Recurrence.Select(line => (JsonNode)line)]);
        }

        if (held.IsAllDay)
        {
            written["transparency"] = held.Summary == "Conference" ? "opaque" : "transparent";
        }

        return written;
    }

    private static void Except(
        EventCalendar calendar, StoredEvent series, PracticeAppointment held, OccurrenceChange change)
    {
        var original = new EventInstant(EventTimes.Moment(change.OriginalStart, held.Zone), held.IsAllDay);
        StoredEvent exception = Occurrence.Of(calendar, series, original.Suffix)!;
        if (change.MovedTo is DateTime moved)
        {
            exception.Written["start"] = Time(calendar, held, moved);
            exception.Written["end"] = Time(calendar, held, moved + (held.End - held.Start));
        }

        calendar.Add(exception, alwaysThere: true);
        if (change.MovedTo is null)
        {
            calendar.Delete(exception, alwaysThere: true);
        }
    }

    private static JsonObject Time(EventCalendar calendar, PracticeAppointment held, DateTime wall) => EventTimes.Write(
        calendar,
        held.IsAllDay ? new DateTimeOffset(wall, TimeSpan.Zero) : EventTimes.Moment(wall, held.Zone),
        held.IsAllDay,
        held.Zone);
}
