using System.Text.Json.Nodes;

namespace PracticPro.Tests.Sandbox;

public sealed class MicrosoftCalendarTests
{
    private const string December =
        "me/calendarView/delta?startDateTime=2026-12-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z";

    [Fact]
    public async Task A_view_tells_what_lies_in_its_span_and_later_what_came_and_went()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        Reply inside = await CreateAsync(sandbox, "Inside", "2026-12-02T10:00:00", "2026-12-02T11:00:00");
        await CreateAsync(sandbox, "Outside", "2027-02-02T10:00:00", "2027-02-02T11:00:00");

        (List<JsonNode> all, string link, _) = await sandbox.RoundAsync(December);
        await sandbox.DeleteAsync("me/events/" + inside.Text("id"));
        (List<JsonNode> news, _, _) = await sandbox.RoundAsync(link);

        Assert.Equal("Inside", (string?)Assert.Single(all)["subject"]);
        Assert.Equal("2026-12-02T10:00:00.0000000", (string?)all[0]["start"]!["dateTime"]);
        Assert.Equal(inside.Text("id"), (string?)Assert.Single(news)["id"]);
        Assert.NotNull(news[0]["@removed"]);
    }

    [Fact]
    public async Task A_series_is_told_as_master_and_occurrences_page_by_page()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await WeeklyAsync(sandbox);

        (List<JsonNode> told, _, int pages) = await sandbox.RoundAsync(December, "odata.maxpagesize=2");

        Assert.Equal(["seriesMaster", "occurrence", "occurrence", "occurrence", "occurrence"],
            told.Select(item => (string?)item["type"]));
        Assert.Equal(3, pages);
        Assert.All(told.Skip(1), item => Assert.Equal((string?)told[0]["id"], (string?)item["seriesMasterId"]));
        Assert.Null(told[1]["subject"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_occurrence_called_off_between_two_pages_makes_no_other_be_left_out(bool seriesLast)
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        sandbox.Account.Settings.SeriesLast = seriesLast;
        await WeeklyAsync(sandbox);
        (List<JsonNode> whole, _, _) = await sandbox.RoundAsync(December);

        (List<JsonNode> first, string next) = await sandbox.PageAsync(December, "odata.maxpagesize=2");
        await sandbox.DeleteAsync($"me/events/{first.First(item => (string?)item["type"] == "occurrence")["id"]}");
        (List<JsonNode> rest, _, _) = await sandbox.RoundAsync(next);

        Assert.Equal(whole.Select(item => (string?)item["id"]), first.Concat(rest).Select(item => (string?)item["id"]));
    }

    [Fact]
    public async Task A_changed_occurrence_becomes_an_exception_and_a_deleted_one_is_removed()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await WeeklyAsync(sandbox);
        (List<JsonNode> told, string link, _) = await sandbox.RoundAsync(December);

        await sandbox.PatchAsync($"me/events/{told[1]["id"]}", new JsonObject { ["subject"] = "Moved" });
        await sandbox.DeleteAsync($"me/events/{told[2]["id"]}");
        (List<JsonNode> news, _, _) = await sandbox.RoundAsync(link);

        JsonNode exception = news.Single(item => (string?)item["type"] == "exception");
        Assert.Equal((string?)told[1]["id"], (string?)exception["id"]);
        Assert.Equal("Moved", (string?)exception["subject"]);
        Assert.Equal((string?)told[2]["id"], (string?)news.Single(item => item["@removed"] is not null)["id"]);
    }

    [Fact]
    public async Task A_deleted_series_takes_its_occurrences_along()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        Reply series = await WeeklyAsync(sandbox);
        (List<JsonNode> told, string link, _) = await sandbox.RoundAsync(December);

        await sandbox.DeleteAsync("me/events/" + series.Text("id"));
        (List<JsonNode> news, _, _) = await sandbox.RoundAsync(link);

        Assert.Equal(told.Select(item => (string?)item["id"]).Order(), news.Select(item => (string?)item["id"]).Order());
    }

    [Fact]
    public async Task An_event_with_the_same_transaction_is_made_once()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonObject body = MicrosoftClientOfTests.Event("Once", "2026-12-02T10:00:00", "2026-12-02T11:00:00");
        body["transactionId"] = "3c2a7c2e-0000-4000-8000-000000000001";

        Reply first = await sandbox.PostAsync("me/events", body.DeepClone());
        Reply second = await sandbox.PostAsync("me/events", body.DeepClone());
        await sandbox.SetAsync(new JsonObject { ["refusesRepeatedTransactions"] = true });
        Reply third = await sandbox.PostAsync("me/events", body);

        Assert.Equal(first.Text("id"), second.Text("id"));
        Assert.Equal(409, third.Status);
        Assert.Single(sandbox.Account.Calendar.Events);
    }

    [Fact]
    public async Task A_change_against_an_old_version_is_refused()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        Reply made = await CreateAsync(sandbox, "One", "2026-12-02T10:00:00", "2026-12-02T11:00:00");
        string path = "me/events/" + made.Text("id");

        Reply changed = await sandbox.PatchAsync(path, new JsonObject { ["subject"] = "Two" }, made.Text("@odata.etag"));
        Reply stale = await sandbox.PatchAsync(path, new JsonObject { ["subject"] = "Three" }, made.Text("@odata.etag"));
        Reply gone = await sandbox.DeleteAsync(path, made.Text("@odata.etag"));

        Assert.Equal((200, 412, 412), (changed.Status, stale.Status, gone.Status));
        Assert.Equal("Two", (await sandbox.GetAsync(path)).Text("subject"));
    }

    [Fact]
    public async Task A_time_is_told_in_the_preferred_zone()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        Reply made = await CreateAsync(sandbox, "One", "2026-12-02T10:00:00", "2026-12-02T11:00:00");

        Reply read = await sandbox.GetAsync("me/events/" + made.Text("id"), "outlook.timezone=\"Europe/Berlin\"");

        Assert.Equal("2026-12-02T11:00:00.0000000", (string?)read.Body!["start"]!["dateTime"]);
    }

    [Fact]
    public async Task A_task_is_made_found_by_its_mark_and_guarded_by_its_version()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        string list = (string)(await sandbox.GetAsync("me/todo/lists")).Body!["value"]![0]!["id"]!;
        string path = $"me/todo/lists/{list}/tasks";

        Reply made = await sandbox.PostAsync(path, new JsonObject
        {
            ["title"] = "Call back",
            ["linkedResources"] = new JsonArray(new JsonObject { ["externalId"] = "mark-1", ["applicationName"] = "ours" }),
        });
        Reply found = await sandbox.GetAsync(path + "?$expand=linkedResources");
        Reply done = await sandbox.PatchAsync(
            $"{path}/{made.Text("id")}", new JsonObject { ["status"] = "completed" }, made.Text("@odata.etag"));
        Reply stale = await sandbox.PatchAsync(
            $"{path}/{made.Text("id")}", new JsonObject { ["title"] = "x" }, made.Text("@odata.etag"));

        Assert.Equal("mark-1", (string?)found.Body!["value"]![0]!["linkedResources"]![0]!["externalId"]);
        Assert.Null(made.Body!["linkedResources"]);
        Assert.Equal(("completed", 412), (done.Text("status"), stale.Status));
    }

    private static Task<Reply> CreateAsync(MicrosoftClientOfTests sandbox, string subject, string start, string end) =>
        sandbox.PostAsync("me/events", MicrosoftClientOfTests.Event(subject, start, end));

    /// <summary>Four Wednesdays in December.</summary>
    private static Task<Reply> WeeklyAsync(MicrosoftClientOfTests sandbox) => sandbox.PostAsync(
        "me/events", MicrosoftClientOfTests.Event("Weekly", "2026-12-02T10:00:00", "2026-12-02T11:00:00", new JsonObject
        {
            ["pattern"] = new JsonObject
            {
                ["type"] = "weekly", ["interval"] = 1, ["daysOfWeek"] = new JsonArray("wednesday"),
            },
            ["range"] = new JsonObject
            {
                ["type"] = "numbered", ["startDate"] = "2026-12-02", ["numberOfOccurrences"] = 4,
            },
        }));
}
