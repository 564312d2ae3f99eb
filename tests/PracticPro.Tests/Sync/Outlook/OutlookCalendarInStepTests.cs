using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Calendar;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Outlook;
using PracticPro.Tests.Sandbox;

namespace PracticPro.Tests.Sync.Outlook;

/// <summary>Outlook's calendar kept in step, at the sandbox.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class OutlookCalendarInStepTests
{
    [Fact]
    public async Task A_first_reading_shows_the_practices_appointments_with_each_occurrence()
    {
        await using var stage = await OutlookStage.OpenAsync(filled: true);

        await stage.ReadAsync(OutlookConnector.Calendar);

        AssertInStep(stage);
        Assert.Contains(Events(stage), item => !item.Recurrence.IsEmpty);
        Assert.Contains(Events(stage), item => item is { SeriesId: not null, Summary.Length: > 0, Attendees.Length: 1 });
        Assert.Contains(Events(stage), item => item.Start!.Day is not null);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task What_comes_changes_and_goes_there_does_so_here()
    {
        await using var stage = await OutlookStage.OpenAsync(filled: true);
        await stage.ReadAsync(OutlookConnector.Calendar);
        var series = stage.There.Calendar.Events.First(one => one.Type == "seriesMaster");
        var singles = stage.There.Calendar.Events
            .Where(one => one.Type == "singleInstance" && one.Start > stage.Sandbox.Clock.GetUtcNow()).Take(2).ToArray();
        var next = stage.There.Calendar
            .Occurrences(series, stage.Sandbox.Clock.GetUtcNow(), stage.Sandbox.Clock.GetUtcNow().AddDays(90)).Take(2).ToArray();

        await stage.Sandbox.PatchAsync($"me/events/{singles[0].Key.Rest}", new JsonObject { ["subject"] = "Renamed" });
        await stage.Sandbox.DeleteAsync($"me/events/{singles[1].Key.Rest}");
        await stage.Sandbox.PatchAsync($"me/events/{next[0].Key.Rest}", new JsonObject { ["subject"] = "Just this once" });
        await stage.Sandbox.DeleteAsync($"me/events/{next[1].Key.Rest}");
        await stage.Sandbox.PostAsync("me/events", MicrosoftClientOfTests.Event("New", "2026-12-02T10:00:00", "2026-12-02T11:00:00"));
        Assert.Null(await stage.FollowAsync(OutlookConnector.Calendar));

        AssertInStep(stage);
        Assert.Equal(["Just this once", "New", "Renamed"],
            Events(stage).Select(item => item.Summary).Where(name => name is "Just this once" or "New" or "Renamed").Order());
    }

    [Fact]
    public async Task A_series_that_is_deleted_takes_every_occurrence_along()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var made = await WeeklyAsync(stage);
        await stage.ReadAsync(OutlookConnector.Calendar);
        Assert.Equal(5, stage.Mirror.Count);

        await stage.Sandbox.DeleteAsync($"me/events/{made.Text("id")}");
        Assert.Null(await stage.FollowAsync(OutlookConnector.Calendar));

        Assert.Empty(stage.Mirror);
    }

    [Fact]
    public async Task A_renamed_series_renames_its_occurrences()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var made = await WeeklyAsync(stage);
        await stage.ReadAsync(OutlookConnector.Calendar);

        await stage.Sandbox.PatchAsync($"me/events/{made.Text("id")}", new JsonObject { ["subject"] = "Other" });
        Assert.Null(await stage.FollowAsync(OutlookConnector.Calendar));

        Assert.All(Events(stage), item => Assert.Equal("Other", item.Summary));
        AssertInStep(stage);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task A_renamed_series_that_is_told_pages_after_its_occurrences_renames_them()
    {
        await using var stage = await OutlookStage.OpenAsync();
        (stage.Sandbox.World.Settings.SeriesLast, stage.Sandbox.World.Settings.LargestPage) = (true, 2);
        var made = await WeeklyAsync(stage);
        await stage.ReadAsync(OutlookConnector.Calendar);

        await stage.Sandbox.PatchAsync($"me/events/{made.Text("id")}", new JsonObject { ["subject"] = "Other" });
        Assert.Null(await stage.FollowAsync(OutlookConnector.Calendar));

        Assert.All(Events(stage), item => Assert.Equal("Other", item.Summary));
        AssertInStep(stage);
    }

    [Fact]
    public async Task What_moves_out_of_the_window_is_not_taken_for_deleted()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var made = await stage.Sandbox.PostAsync(
            "me/events", MicrosoftClientOfTests.Event("Far", "2026-12-02T10:00:00", "2026-12-02T11:00:00"));
        await stage.ReadAsync(OutlookConnector.Calendar);

        await stage.Sandbox.PatchAsync($"me/events/{made.Text("id")}", MicrosoftClientOfTests.Event("Far", "2031-12-02T10:00:00", "2031-12-02T11:00:00"));
        Assert.Null(await stage.FollowAsync(OutlookConnector.Calendar));

        Assert.Equal(2031, Assert.Single(Events(stage)).Start!.At!.Value.Year);
    }

    [Fact]
    public async Task The_window_moves_with_time_and_what_it_leaves_behind_stays_known()
    {
        await using var stage = await OutlookStage.OpenAsync();
        await stage.Sandbox.PostAsync("me/events", MicrosoftClientOfTests.Event("Old", "2026-12-02T10:00:00", "2026-12-02T11:00:00"));
        await stage.Sandbox.PostAsync("me/events", MicrosoftClientOfTests.Event("Later", "2028-08-02T10:00:00", "2028-08-02T11:00:00"));
        await stage.ReadAsync(OutlookConnector.Calendar);
        Assert.Equal(["Old"], Events(stage).Select(item => item.Summary));

        stage.Sandbox.Clock.Advance(TimeSpan.FromDays(120));
        stage.Sandbox.World.Grants.ExpireAccess(null);
        Assert.IsType<SyncFailures.CursorExpired>(await stage.FollowOnceAsync(OutlookConnector.Calendar));
        Assert.Null(await stage.FollowAsync(OutlookConnector.Calendar));

        Assert.Equal(["Later", "Old"], Events(stage).Select(item => item.Summary).Order());
    }

    [Fact]
    public async Task A_time_is_kept_with_its_zone_and_a_whole_day_as_a_day()
    {
        await using var stage = await OutlookStage.OpenAsync();
        var timed = MicrosoftClientOfTests.Event("Timed", "2026-12-02T10:00:00", "2026-12-02T11:00:00");
        timed["start"]!["timeZone"] = "Europe/Berlin";
        timed["end"]!["timeZone"] = "Europe/Berlin";
        var day = MicrosoftClientOfTests.Event("Day", "2026-12-03T00:00:00", "2026-12-05T00:00:00");
        day["isAllDay"] = true;
        await stage.Sandbox.PostAsync("me/events", timed);
        await stage.Sandbox.PostAsync("me/events", day);

        await stage.ReadAsync(OutlookConnector.Calendar);

        var (first, second) = (Events(stage).Single(item => item.Summary == "Timed"), Events(stage).Single(item => item.Summary == "Day"));
        Assert.Equal(new EventTime(new DateTimeOffset(2026, 12, 2, 10, 0, 0, TimeSpan.FromHours(1)), null, "Europe/Berlin"), first.Start);
        Assert.Equal((new EventTime(null, new(2026, 12, 3), null), new EventTime(null, new(2026, 12, 5), null)), (second.Start, second.End));
    }

    private static IEnumerable<CalendarEvent> Events(OutlookStage stage) => stage.Mirror.Values.OfType<CalendarEvent>();

    /// <summary>Every event that lies in the window, and each occurrence, with its time and its words; and nothing else.</summary>
    private static void AssertInStep(OutlookStage stage)
    {
        var window = CalendarWindow.Around(stage.Sandbox.Clock.GetUtcNow());
        var from = new DateTimeOffset(window.First.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var to = new DateTimeOffset(window.End.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var calendar = stage.There.Calendar;
        var there = calendar.Events.SelectMany(one => one.Recurrence is null
            ? one.Overlaps(from, to) ? [Told(one.Key.Immutable, one, one.Start)] : []
            : Series(calendar, one, from, to));
        var here = Events(stage).Select(item =>
            $"{item.SourceId} {item.Summary} {item.Start!.At?.UtcDateTime ?? item.Start.Day!.Value.ToDateTime(TimeOnly.MinValue):s}");
        Assert.Equal(there.Order(StringComparer.Ordinal), here.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Series(OutlookCalendar calendar, OutlookEvent master, DateTimeOffset from, DateTimeOffset to)
    {
        var inside = calendar.Occurrences(master, from - (master.End - master.Start), to).Where(one => one.End > from).ToList();
        return inside.Count == 0 && !master.Exceptions.Values.Any(one => one?.Overlaps(from, to) == true)
            ? []
            : inside.Select(one => Told(one.Key.Immutable, master, one.Start)).Append(Told(master.Key.Immutable, master, master.Start));
    }

    private static string Told(string id, OutlookEvent source, DateTimeOffset start) =>
        $"{id} {(string?)source.Words["subject"]} {start.UtcDateTime:s}";

    /// <summary>Four Wednesdays in December.</summary>
    private static Task<Reply> WeeklyAsync(OutlookStage stage) => stage.Sandbox.PostAsync(
        "me/events", MicrosoftClientOfTests.Event("Weekly", "2026-12-02T10:00:00", "2026-12-02T11:00:00", new JsonObject
        {
            ["pattern"] = new JsonObject { ["type"] = "weekly", ["interval"] = 1, ["daysOfWeek"] = new JsonArray("wednesday") },
            ["range"] = new JsonObject { ["type"] = "numbered", ["startDate"] = "2026-12-02", ["numberOfOccurrences"] = 4 },
        }));
}
