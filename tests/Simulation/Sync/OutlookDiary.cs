using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft;
using PracticPro.Sandbox.Microsoft.Calendar;
using PracticPro.Sync.Calendars;

namespace PracticPro.Simulation.Sync;

/// <summary>
/// What happens in an Outlook calendar: single events and weekly series, all of them within what is kept in step. Callers hold
/// the account's lock.
/// </summary>
internal sealed class OutlookDiary(OutlookAccount account, Random random)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(50);
    private static readonly TimeSpan Far = TimeSpan.FromDays(200);

    private readonly OutlookCalendar calendar = account.Calendar;
    private int written;

    public void Fill()
    {
        for (var left = random.Next(1, 10); left > 0; left--)
        {
            Add();
        }
    }

    public void ChangeOne()
    {
        OutlookEvent[] all = [.. calendar.Events];
        if (all.Length == 0 || random.Next(3) == 0)
        {
            Add();
            return;
        }

        var one = all[random.Next(all.Length)];
        var kind = random.Next(8);
        if (one.Recurrence is not null && kind < 4)
        {
            ChangeOccurrence(one, isOff: kind < 2);
            return;
        }

        switch (kind)
        {
            case < 2:
                calendar.Delete(one);
                break;
            case < 5 when one.Recurrence is null:
                var start = Start();
                calendar.Change(one, moved => (moved.Start, moved.End) = (start, start + Length));
                break;
            default:
                calendar.Change(one, Rename);
                break;
        }
    }

    /// <summary>Every event and each occurrence by id, as it is now.</summary>
    public Dictionary<string, string> Truth() => calendar.Events
        .SelectMany(one => one.Recurrence is null ? [(one.Key, Line(one, one.Start))] : Series(one))
        .ToDictionary(static told => told.Key.Immutable, static told => told.Item2);

    /// <summary>
    /// Series of which every occurrence is called off. They are at the provider, and no reading tells of them; who was told
    /// of one before may keep it: it takes up no time.
    /// </summary>
    public HashSet<string> Hollow() =>
        [.. calendar.Events.Where(one => one.Recurrence is not null && !Series(one).Any()).Select(static one => one.Key.Immutable)];

    public static string Line(CalendarEvent kept) => Line(kept.Version, kept.Summary, EventMirror.StartOf(kept));

    private static string Line(OutlookEvent source, DateTimeOffset start) =>
        Line(source.ETag, (string?)source.Words["subject"], start);

    private static string Line(string version, string? subject, DateTimeOffset? start) =>
        string.Create(CultureInfo.InvariantCulture, $"{version} {subject} {start?.UtcDateTime:s}");

    private IEnumerable<(ItemKey Key, string)> Series(OutlookEvent master)
    {
        var inside = calendar.Occurrences(master, master.Start, master.Start + Far).ToList();
        return inside.Count == 0 && master.Exceptions.Values.All(static one => one is null)
            ? []
            : inside.Select(one => (one.Key, Line(master, one.Start))).Append((master.Key, Line(master, master.Start)));
    }

    private void ChangeOccurrence(OutlookEvent master, bool isOff)
    {
        OutlookOccurrence[] all = [.. calendar.Occurrences(master, master.Start, master.Start + Far)];
        if (all.Length == 0)
        {
            calendar.Change(master, Rename);
            return;
        }

        var one = all[random.Next(all.Length)];
        if (isOff)
        {
            calendar.CallOff(one);
            return;
        }

        calendar.Except(one, moved =>
        {
            Rename(moved);
            (moved.Start, moved.End) = (moved.Start.AddHours(1), moved.End.AddHours(1));
        });
    }

    private void Add()
    {
        var start = Start();
        var words = new JsonObject { ["showAs"] = "busy", ["subject"] = Subject() };
        if (random.Next(3) == 0)
        {
            words["recurrence"] = new JsonObject
            {
                ["pattern"] = new JsonObject
                {
                    ["type"] = "weekly",
                    ["interval"] = 1,
                    ["daysOfWeek"] = new JsonArray(start.DayOfWeek.ToString().ToLowerInvariant()),
                },
                ["range"] = new JsonObject
                {
                    ["type"] = "numbered",
                    ["startDate"] = start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    ["numberOfOccurrences"] = random.Next(2, 9),
                },
            };
        }

        calendar.Add(words, start, start + Length, TimeZoneInfo.Utc, null);
    }

    private void Rename(OutlookEvent one) => one.Words["subject"] = Subject();

    private string Subject() => string.Create(CultureInfo.InvariantCulture, $"Session {++written}");

    private DateTimeOffset Start()
    {
        var now = account.Clock.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(random.Next(1, 1_000));
    }
}
