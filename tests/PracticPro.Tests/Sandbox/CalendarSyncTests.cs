using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Calendar;

namespace PracticPro.Tests.Sandbox;

public sealed class CalendarSyncTests
{
    [Fact]
    public async Task The_practice_s_calendar_is_listed_whole_and_only_its_last_page_has_a_sync_token()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await sandbox.ControlAsync(HttpMethod.Post, "fill");

        (Reply last, List<JsonNode> items) = await sandbox.SyncAsync(size: 40);

        Assert.NotNull((string?)last.Body!["nextSyncToken"]);
        Reply dump = await sandbox.ControlAsync(HttpMethod.Get, "dump");
        Assert.Equal(
            dump.Body!["events"]!.AsArray().Select(kept => kept!.ToJsonString()),
            items.Select(item => item.ToJsonString()));
        Assert.Contains(items, item => (string?)item["status"] == "cancelled" && item["recurringEventId"] is not null);
        Assert.Contains(items, item => item["start"]?["date"] is not null);
    }

    [Fact]
    public async Task A_sync_token_brings_what_changed_since_deletions_included()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        string kept = (await sandbox.InsertAsync(CalendarSandbox.Written("kept"))).Text("id");
        string gone = (await sandbox.InsertAsync(CalendarSandbox.Written("gone"))).Text("id");
        string token = (await sandbox.SyncAsync()).Last.Text("nextSyncToken");
        await sandbox.CallAsync(HttpMethod.Delete, $"{CalendarSandbox.Events}/{gone}");
        string added = (await sandbox.InsertAsync(CalendarSandbox.Written("added"))).Text("id");

        (Reply last, List<JsonNode> items) = await sandbox.SyncAsync(token);

        Assert.Equal([gone, added], items.Select(item => (string)item["id"]!));
        Assert.Equal("cancelled", (string?)items[0]["status"]);
        Assert.Null(items[0]["summary"]);
        Assert.DoesNotContain(items, item => (string?)item["id"] == kept);
        Assert.Empty((await sandbox.SyncAsync(last.Text("nextSyncToken"))).Items);
    }

    [Fact]
    public async Task What_changes_between_two_pages_comes_with_the_next_sync()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await sandbox.InsertAsync(CalendarSandbox.Written("one", "aaaaa1"));
        await sandbox.InsertAsync(CalendarSandbox.Written("two", "aaaaa2"));
        Reply first = await sandbox.ListAsync("?maxResults=1");
        await sandbox.InsertAsync(CalendarSandbox.Written("before", "aaaaa0"));
        Reply second = await sandbox.ListAsync("?maxResults=1&pageToken=" + first.Text("nextPageToken"));

        (_, List<JsonNode> later) = await sandbox.SyncAsync(second.Text("nextSyncToken"));

        Assert.Equal("aaaaa0", (string?)Assert.Single(later)["id"]);
    }

    [Theory]
    [InlineData("timeMin=2026-01-01T00:00:00Z")]
    [InlineData("timeMax=2026-01-01T00:00:00Z")]
    [InlineData("q=x")]
    [InlineData("orderBy=updated")]
    [InlineData("iCalUID=x")]
    [InlineData("updatedMin=2026-11-20T00:00:00Z")]
    [InlineData("privateExtendedProperty=a%3Db")]
    [InlineData("sharedExtendedProperty=a%3Db")]
    [InlineData("showDeleted=false")]
    [InlineData("eventTypes=default")]
    [InlineData("maxAttendees=1")]
    public async Task Beside_a_sync_token_other_parameters_are_refused(string parameter)
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        string token = (await sandbox.SyncAsync()).Last.Text("nextSyncToken");

        Assert.Equal(400, (await sandbox.ListAsync($"?syncToken={token}&{parameter}")).Status);
        Assert.Equal(200, (await sandbox.ListAsync($"?syncToken={token}&showDeleted=true")).Status);
    }

    [Fact]
    public async Task An_expired_token_asks_for_a_full_sync()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        string token = (await sandbox.SyncAsync()).Last.Text("nextSyncToken");
        await sandbox.ControlAsync(HttpMethod.Post, "expire-tokens");

        Reply refused = await sandbox.ListAsync("?syncToken=" + token);

        Assert.Equal((410, "fullSyncRequired"), (refused.Status, refused.Reason));
        JsonNode first = refused.Body!["error"]!["errors"]![0]!;
        Assert.Equal(("calendar", "parameter", "syncToken"),
            ((string)first["domain"]!, (string)first["locationType"]!, (string)first["location"]!));
        Assert.Equal(400, (await sandbox.ListAsync("?syncToken=nonsense")).Status);
    }

    [Fact]
    public async Task Empty_pages_may_stand_before_the_first_event()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        await sandbox.InsertAsync(CalendarSandbox.Written());
        await sandbox.ControlAsync(HttpMethod.Put, "paging", new() { ["emptyPages"] = 2 });

        Reply first = await sandbox.ListAsync();

        Assert.Empty(first.Body!["items"]!.AsArray());
        Assert.NotNull((string?)first.Body["nextPageToken"]);
        Assert.Single((await sandbox.SyncAsync()).Items);
    }

    [Fact]
    public async Task An_occurrence_that_was_called_off_is_told_without_asking_for_deleted_events()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        string series = (await sandbox.InsertAsync(CalendarSandbox.Weekly())).Text("id");
        // 10:00 in Berlin is 8:00 UTC until 25 October, and 9:00 after it.
        string occurrence = $"{series}_20261027T090000Z";
        Reply deleted = await sandbox.CallAsync(HttpMethod.Delete, $"{CalendarSandbox.Events}/{occurrence}");

        (_, List<JsonNode> items) = await sandbox.SyncAsync();

        Assert.Equal(204, deleted.Status);
        JsonNode exception = items.Single(item => (string?)item["id"] == occurrence);
        Assert.Equal(("cancelled", series), ((string)exception["status"]!, (string)exception["recurringEventId"]!));
        Assert.Equal("Europe/Berlin", (string?)exception["originalStartTime"]!["timeZone"]);
    }

    [Fact]
    public async Task With_a_series_go_its_exceptions()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        string series = (await sandbox.InsertAsync(CalendarSandbox.Weekly())).Text("id");
        string moved = $"{series}_20261027T090000Z";
        await sandbox.CallAsync(
            HttpMethod.Patch, $"{CalendarSandbox.Events}/{moved}", new JsonObject { ["summary"] = "Other" });
        string token = (await sandbox.SyncAsync()).Last.Text("nextSyncToken");
        await sandbox.CallAsync(HttpMethod.Delete, $"{CalendarSandbox.Events}/{series}");

        (_, List<JsonNode> items) = await sandbox.SyncAsync(token);

        Assert.Equal([series, moved], items.Select(item => (string)item["id"]!));
        Assert.All(items, item => Assert.Equal("cancelled", (string?)item["status"]));
    }

    [Fact]
    public async Task Changes_from_more_than_a_month_ago_are_too_long_ago()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();

        Reply refused = await sandbox.ListAsync("?updatedMin=2026-09-01T00:00:00Z");

        Assert.Equal((410, "updatedMinTooLongAgo"), (refused.Status, refused.Reason));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    public async Task Over_the_quota_the_refusal_comes_in_either_form(int status)
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync(
            options => options with { CalendarCallsPerMinute = 1 });
        await sandbox.SettingsAsync(new() { ["quotaStatus"] = status });
        await sandbox.ListAsync();

        Reply refused = await sandbox.ListAsync();
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((status, "rateLimitExceeded"), (refused.Status, refused.Reason));
        Assert.Equal(200, (await sandbox.ListAsync()).Status);
    }

    [Fact]
    public async Task The_scope_for_events_opens_no_list_of_calendars()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();

        Reply refused = await sandbox.CallAsync(HttpMethod.Get, "/calendar/v3/users/me/calendarList");
        sandbox.SignIn(CalendarScopes.Readonly);
        Reply listed = await sandbox.CallAsync(HttpMethod.Get, "/calendar/v3/users/me/calendarList");
        Reply unwritten = await sandbox.InsertAsync(CalendarSandbox.Written());

        Assert.Equal((403, "insufficientPermissions"), (refused.Status, refused.Reason));
        Assert.Equal(SandboxOptions.DefaultMailbox, (string?)listed.Body!["items"]![0]!["id"]);
        Assert.Equal(403, unwritten.Status);
    }
}
