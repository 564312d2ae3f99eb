using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Tests.Sandbox;

public sealed class CalendarWriteTests
{
    [Fact]
    public async Task A_client_s_id_is_taken_once_and_stays_taken_when_the_insertedis_deleted()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        Reply first = await sandbox.InsertAsync(CalendarSandbox.Written(id: "0123456789abcdef0123456789abcdef"));
        Reply second = await sandbox.InsertAsync(CalendarSandbox.Written(id: "0123456789abcdef0123456789abcdef"));
        await sandbox.CallAsync(HttpMethod.Delete, $"{CalendarSandbox.Events}/{first.Text("id")}");
        Reply third = await sandbox.InsertAsync(CalendarSandbox.Written(id: "0123456789abcdef0123456789abcdef"));

        Assert.Equal(200, first.Status);
        Assert.Equal((409, "duplicate"), (second.Status, second.Reason));
        Assert.Equal((409, "duplicate"), (third.Status, third.Reason));
    }

    [Fact]
    public async Task A_second_deletion_is_gone()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        string path = $"{CalendarSandbox.Events}/{(await sandbox.InsertAsync(CalendarSandbox.Written())).Text("id")}";

        Assert.Equal(204, (await sandbox.CallAsync(HttpMethod.Delete, path)).Status);
        Reply again = await sandbox.CallAsync(HttpMethod.Delete, path);
        Assert.Equal((410, "deleted"), (again.Status, again.Reason));
        Assert.Equal("cancelled", (await sandbox.CallAsync(HttpMethod.Get, path)).Text("status"));
    }

    [Fact]
    public async Task A_change_under_a_stale_etag_does_not_happen()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        Reply inserted = await sandbox.InsertAsync(CalendarSandbox.Written());
        string path = $"{CalendarSandbox.Events}/{inserted.Text("id")}";
        Reply changed = await WithTagAsync(sandbox, HttpMethod.Patch, path, inserted.Text("etag"), "two");
        Reply refused = await WithTagAsync(sandbox, HttpMethod.Patch, path, inserted.Text("etag"), "three");
        Reply undeleted = await WithTagAsync(sandbox, HttpMethod.Delete, path, inserted.Text("etag"), null);

        Assert.Equal(200, changed.Status);
        Assert.Equal((412, "conditionNotMet"), (refused.Status, refused.Reason));
        Assert.Equal(412, undeleted.Status);
        Assert.Equal("two", (await sandbox.CallAsync(HttpMethod.Get, path)).Text("summary"));
    }

    [Fact]
    public async Task A_patch_replaces_lists_whole_and_leaves_what_it_does_not_name()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        JsonObject written = CalendarSandbox.Written();
        written["attendees"] = new JsonArray(Guest("a@mail.example"), Guest("b@mail.example"));
        string path = $"{CalendarSandbox.Events}/{(await sandbox.InsertAsync(written)).Text("id")}";

        Reply patched = await sandbox.CallAsync(HttpMethod.Patch, path + "?sendUpdates=all", new JsonObject
        {
            ["attendees"] = new JsonArray(Guest("c@mail.example")),
        });

        Assert.Equal("Session", patched.Text("summary"));
        Assert.Equal("c@mail.example", (string?)Assert.Single(patched.Body!["attendees"]!.AsArray())!["email"]);
        Reply dump = await sandbox.ControlAsync(HttpMethod.Get, "dump");
        Assert.Equal(
            ["none", "all"], dump.Body!["guestMails"]!.AsArray().Select(mail => (string)mail!["sendUpdates"]!));
    }

    [Fact]
    public async Task An_update_that_does_not_name_a_field_takes_it_away()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        JsonObject written = CalendarSandbox.Written();
        written["location"] = "Room 2";
        string path = $"{CalendarSandbox.Events}/{(await sandbox.InsertAsync(written)).Text("id")}";

        Reply updated = await sandbox.CallAsync(HttpMethod.Put, path, CalendarSandbox.Written());

        Assert.Equal(200, updated.Status);
        Assert.Null(updated.Body!["location"]);
    }

    [Theory]
    [InlineData("""{"summary":"x"}""", "required")]
    [InlineData("""{"start":{"date":"2026-12-01"},"end":{"dateTime":"2026-12-01T10:00:00Z"}}""", "invalid")]
    [InlineData("""{"start":{"dateTime":"2026-12-01T11:00:00Z"},"end":{"dateTime":"2026-12-01T10:00:00Z"}}""",
        "timeRangeEmpty")]
    [InlineData("""{"id":"XYZ","start":{"date":"2026-12-01"},"end":{"date":"2026-12-02"}}""", "invalid")]
    [InlineData("""
        {"start":{"dateTime":"2026-12-01T10:00:00Z"},"end":{"dateTime":"2026-12-01T11:00:00Z"},
         "recurrence":["RRULE:FREQ=DAILY"]}
        """, "required")]
    public async Task What_is_no_insertedis_refused(string written, string reason)
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();

        Reply refused = await sandbox.InsertAsync((JsonObject)JsonNode.Parse(written)!);

        Assert.Equal((400, reason), (refused.Status, refused.Reason));
    }

    [Fact]
    public async Task One_revocation_ends_every_grant_of_the_project_for_that_person()
    {
        await using SandboxClient sandbox = await CalendarSandbox.StartAsync();
        var second = new OAuthClient("second", "x", []);
        var foreign = new OAuthClient("foreign", "x", []) { Project = "elsewhere" };
        string[] scopes = [CalendarScopes.Events];
        string token = sandbox.World.Grants.IssueAccess(OAuthClient.Default, "a@x.example", scopes);
        string same = sandbox.World.Grants.IssueRefresh(second, "a@x.example", scopes);
        string other = sandbox.World.Grants.IssueRefresh(foreign, "a@x.example", scopes);
        string person = sandbox.World.Grants.IssueRefresh(second, "b@x.example", scopes);

        await sandbox.FormAsync("/revoke", new() { ["token"] = token });

        Assert.Null(sandbox.World.Grants.Use(second, same));
        Assert.NotNull(sandbox.World.Grants.Use(foreign, other));
        Assert.NotNull(sandbox.World.Grants.Use(second, person));
    }

    private static JsonObject Guest(string mail) => new() { ["email"] = mail };

    private static async Task<Reply> WithTagAsync(
        SandboxClient sandbox, HttpMethod method, string path, string tag, string? summary)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        if (summary is not null)
        {
            string json = new JsonObject { ["summary"] = summary }.ToJsonString();
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage response =
            await sandbox.Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Reply((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, response.Headers);
    }
}
