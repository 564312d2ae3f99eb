using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Sandbox.Practice;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>Fills a calendar from the practice's appointment book: the same people at the same times as everywhere.</summary>
internal static class CalendarSeeding
{
    public static void Fill(OutlookAccount account, PracticeBook practice)
    {
        foreach (PracticeAppointment appointment in practice.Appointments
            .Where(entered => entered.State != AppointmentState.Cancelled && entered.Recurrence.Count <= 1))
        {
            TimeZoneInfo zone = appointment.IsAllDay
                ? TimeZoneInfo.Utc
                : TimeZoneInfo.FindSystemTimeZoneById(appointment.Zone);
            OutlookEvent added = account.Calendar.Add(
                Words(appointment), Recurrences.At(appointment.Start, zone), Recurrences.At(appointment.End, zone), zone, null);
            foreach (OccurrenceChange change in appointment.Changes)
            {
                DateTimeOffset start = Recurrences.At(change.OriginalStart, zone);
                if (account.Calendar.Occurrences(added, start, start.AddSeconds(1)).FirstOrDefault() is { } occurrence)
                {
                    Differ(account, occurrence, change, zone);
                }
            }
        }
    }

    private static void Differ(
        OutlookAccount account, OutlookOccurrence occurrence, OccurrenceChange change, TimeZoneInfo zone)
    {
        if (change.MovedTo is not DateTime moved)
        {
            account.Calendar.CallOff(occurrence);
            return;
        }

        account.Calendar.Except(occurrence, exception =>
        {
            TimeSpan length = exception.End - exception.Start;
            exception.Start = Recurrences.At(moved, zone);
            exception.End = exception.Start + length;
        });
    }

    private static JsonObject Words(PracticeAppointment appointment)
    {
        var words = new JsonObject
        {
            ["subject"] = appointment.Summary,
            ["isAllDay"] = appointment.IsAllDay,
            ["showAs"] = appointment.State == AppointmentState.Tentative ? "tentative" : "busy",
        };
        if (appointment.Location is string location)
        {
            words["location"] = new JsonObject { ["displayName"] = location };
        }

        if (appointment.Client is PracticeClient client)
        {
            words["attendees"] = new JsonArray(new JsonObject
            {
                ["type"] = "required",
                ["status"] = new JsonObject { ["response"] = "accepted", ["time"] = "0001-01-01T00:00:00Z" },
                ["emailAddress"] = OutlookMessageJson.Recipient(new MailAddress(client.Name, client.Mail))!["emailAddress"]!.DeepClone(),
            });
        }

        if (appointment.Recurrence is [string rule])
        {
            words["recurrence"] = Recurrence(rule, appointment);
        }

        return words;
    }

    /// <summary>The rules the appointment book knows: weekly, every second week fourteen times, monthly.</summary>
    private static JsonObject Recurrence(string rule, PracticeAppointment appointment)
    {
        bool isMonthly = rule.Contains("FREQ=MONTHLY", StringComparison.Ordinal);
        bool isSecond = rule.Contains("INTERVAL=2", StringComparison.Ordinal);
        bool isCounted = rule.Contains("COUNT=14", StringComparison.Ordinal);
        var pattern = new JsonObject
        {
            ["type"] = isMonthly ? "absoluteMonthly" : "weekly",
            ["interval"] = isSecond ? 2 : 1,
        };
        if (isMonthly)
        {
            pattern["dayOfMonth"] = appointment.Start.Day;
        }
        else
        {
            pattern["daysOfWeek"] = new JsonArray(appointment.Start.DayOfWeek.ToString().ToLowerInvariant());
        }

        var range = new JsonObject
        {
            ["type"] = isCounted ? "numbered" : "noEnd",
            ["startDate"] = DateOnly.FromDateTime(appointment.Start).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        if (isCounted)
        {
            range["numberOfOccurrences"] = 14;
        }

        return new JsonObject { ["pattern"] = pattern, ["range"] = range };
    }
}
