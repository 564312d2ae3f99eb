using System.Globalization;

namespace PracticPro.Sandbox.Practice;

/// <summary>
/// Fills the appointment book: sessions on working days, weekly series with moved and called-off occurrences, clients
/// in other zones across a change to or from summer time, whole days, blocks without a client.
/// </summary>
internal sealed class AppointmentSeeding(IReadOnlyList<PracticeClient> clients, DateOnly today, Seeded chance)
{
    private const string Room = "Room 2, 14 Harbour Row";

    private static readonly int[] Hours = [9, 10, 11, 14, 15, 16];

    private static readonly string[] OtherZones =
        ["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Europe/London"];

    private readonly List<PracticeAppointment> _made = [];
    private readonly DateOnly _first = today.AddMonths(-6);
    private readonly DateOnly _last = today.AddMonths(3);

    public IReadOnlyList<PracticeAppointment> Make()
    {
        AddSessions();
        AddSeries();
        AddSessionsElsewhere();
        AddWholeDays();
        return _made;
    }

    private void AddSessions()
    {
        for (DateOnly day = _first; day <= _last; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                continue;
            }

            foreach (int hour in Hours.Where(_ => chance.Chance(day <= today ? 22 : 10)))
            {
                PracticeClient client = clients[chance.Below(clients.Count)];
                PracticeService service = PracticeNames.Services[chance.Below(4)];
                DateTime start = day.ToDateTime(new TimeOnly(hour, 0));
                Add(client, service, start, PracticeBook.Zone);
                int fate = chance.Below(20);
                _made[^1] = _made[^1] with
                {
                    Location = Room,
                    State = fate switch
                    {
                        0 => AppointmentState.Cancelled,
                        1 when day > today => AppointmentState.Tentative,
                        _ => AppointmentState.Confirmed,
                    },
                };
            }
        }
    }

    /// <summary>Ten series at noon or evening hours that no single session takes; half of them never end.</summary>
    private void AddSeries()
    {
        for (int at = 0; at < 10; at++)
        {
            DateOnly day = WorkingDay(_first.AddDays(chance.Below(60)));
            DateTime start = day.ToDateTime(new TimeOnly(17 + (at / 5), 0));
            Add(clients[at], PracticeNames.Services[1], start, at % 3 == 0 ? OtherZones[at % 4] : PracticeBook.Zone);
            string rule = at % 2 == 0 ? "RRULE:FREQ=WEEKLY" : "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=14";
            int weeks = at % 2 == 0 ? 1 : 2;
            string[] lines = at % 4 == 1
                ? [rule, $"EXDATE;TZID={_made[^1].Zone}:{Wall(start.AddDays(7 * weeks * 4))}"]
                : [rule];
            _made[^1] = _made[^1] with
            {
                Recurrence = lines,
                Changes =
                [
                    new OccurrenceChange(start.AddDays(7 * weeks * 2), null),
                    new OccurrenceChange(start.AddDays(7 * weeks * 6), start.AddDays((7 * weeks * 6) + 1).AddHours(1)),
                ],
            };
        }
    }

    private void AddSessionsElsewhere()
    {
        for (int at = 0; at < 12; at++)
        {
            DateOnly day = WorkingDay(_first.AddDays(at * 22));
            DateTime start = day.ToDateTime(new TimeOnly(7, 30));
            Add(clients[20 + at], PracticeNames.Services[3], start, OtherZones[at % OtherZones.Length]);
        }
    }

    private void AddWholeDays()
    {
        for (int at = 0; at < 6; at++)
        {
            DateTime day = WorkingDay(_first.AddDays(30 + (at * 40))).ToDateTime(TimeOnly.MinValue);
            int length = at % 3 == 2 ? 3 : 1;
            string summary = length == 3 ? "Conference" : "Practice closed";
            _made.Add(new PracticeAppointment(
                _made.Count + 1, summary, day, day.AddDays(length), PracticeBook.Zone)
            {
                IsAllDay = true,
                EnteredAt = Before(day),
            });
        }

        DateTime meeting = WorkingDay(_first.AddDays(3)).ToDateTime(new TimeOnly(8, 30));
        _made.Add(new PracticeAppointment(
            _made.Count + 1, "Team meeting", meeting, meeting.AddMinutes(25), PracticeBook.Zone)
        {
            Recurrence = ["RRULE:FREQ=MONTHLY"],
            EnteredAt = Before(meeting),
        });
    }

    private void Add(PracticeClient client, PracticeService service, DateTime start, string zone) =>
        _made.Add(new PracticeAppointment(
            _made.Count + 1, $"{service.Name}: {client.Name}", start, start.AddMinutes(service.Minutes), zone)
        {
            Client = client,
            Service = service,
            EnteredAt = Before(start),
        });

    /// <summary>Ten days to six weeks before, and never later than yesterday.</summary>
    private DateTimeOffset Before(DateTime start)
    {
        DateTime entered = start.AddDays(-10 - chance.Below(32));
        DateTime yesterday = today.AddDays(-1).ToDateTime(new TimeOnly(12, 0));
        return new DateTimeOffset(entered < yesterday ? entered : yesterday, TimeSpan.Zero);
    }

    private static DateOnly WorkingDay(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };

    private static string Wall(DateTime time) => time.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
}
