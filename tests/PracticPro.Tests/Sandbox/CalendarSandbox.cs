using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Calendar;

namespace PracticPro.Tests.Sandbox;

/// <summary>What the calendar tests say to a sandbox over HTTP.</summary>
internal static class CalendarSandbox
{
    public const string Events = "/calendar/v3/calendars/primary/events";

    private const string Control = "/control/calendar/" + SandboxOptions.DefaultMailbox;

    public static async Task<SandboxClient> StartAsync(Func<SandboxOptions, SandboxOptions>? with = null)
    {
        SandboxClient sandbox = await SandboxClient.StartAsync(options =>
            (with?.Invoke(options) ?? options) with { TakesLoopbackHttp = true });
        sandbox.SignIn(CalendarScopes.Events);
        return sandbox;
    }

    public static Task<Reply> ListAsync(this SandboxClient sandbox, string query = "") =>
        sandbox.CallAsync(HttpMethod.Get, Events + query);

    /// <summary>All pages; the answer is the last one, the items those of all.</summary>
    public static async Task<(Reply Last, List<JsonNode> Items)> SyncAsync(
        this SandboxClient sandbox, string? token = null, int size = 250)
    {
        string query = $"?maxResults={size}" + (token is null ? "" : $"&syncToken={token}");
        var items = new List<JsonNode>();
        Reply page = await sandbox.ListAsync(query);
        while (true)
        {
            Assert.Equal(200, page.Status);
            items.AddRange(page.Body!["items"]!.AsArray().Select(item => item!.DeepClone()));
            if ((string?)page.Body["nextPageToken"] is not { } next)
            {
                return (page, items);
            }

            Assert.Null(page.Body["nextSyncToken"]);
            page = await sandbox.ListAsync($"{query}&pageToken={next}");
        }
    }

    public static Task<Reply> InsertAsync(this SandboxClient sandbox, JsonObject written, string query = "") =>
        sandbox.CallAsync(HttpMethod.Post, Events + query, written);

    public static Task<Reply> ControlAsync(
        this SandboxClient sandbox, HttpMethod method, string path, JsonObject? body = null) =>
        sandbox.CallAsync(method, $"{Control}/{path}", body);

    public static Task<Reply> SettingsAsync(this SandboxClient sandbox, JsonObject settings) =>
        sandbox.CallAsync(HttpMethod.Put, "/control/calendar/settings", settings);

    public static JsonObject Written(string summary = "Session", string? id = null)
    {
        var written = new JsonObject
        {
            ["summary"] = summary,
            ["start"] = new JsonObject { ["dateTime"] = "2026-12-01T10:00:00-05:00" },
            ["end"] = new JsonObject { ["dateTime"] = "2026-12-01T10:50:00-05:00" },
        };
        if (id is not null)
        {
            written["id"] = id;
        }

        return written;
    }

    public static JsonObject Weekly() => new()
    {
        ["summary"] = "Weekly",
        ["start"] = new JsonObject { ["dateTime"] = "2026-10-20T10:00:00", ["timeZone"] = "Europe/Berlin" },
        ["end"] = new JsonObject { ["dateTime"] = "2026-10-20T10:50:00", ["timeZone"] = "Europe/Berlin" },
        ["recurrence"] = new JsonArray("RRULE:FREQ=WEEKLY"),
    };
}
