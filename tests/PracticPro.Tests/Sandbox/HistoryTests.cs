using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Sandbox;

public sealed class HistoryTests
{
    [Fact]
    public async Task Nothing_changed_means_no_history_member()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string now = await CurrentAsync(sandbox);

        Reply reply = await sandbox.GetAsync($"history?startHistoryId={now}");

        Assert.False(reply.Body!.AsObject().ContainsKey("history"));
        Assert.Equal(now, reply.Text("historyId"));
    }

    [Fact]
    public async Task Every_change_is_a_record_of_its_own_kind_in_order()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = await CurrentAsync(sandbox);
        string id = (string)(await sandbox.DeliverAsync())["id"]!;
        await sandbox.PostAsync($"messages/{id}/modify", new() { ["addLabelIds"] = new JsonArray(Labels.Starred) });
        await sandbox.PostAsync($"messages/{id}/modify", new() { ["removeLabelIds"] = new JsonArray(Labels.Unread) });
        await sandbox.GmailAsync(HttpMethod.Delete, $"messages/{id}");

        JsonArray records = await RecordsAsync(sandbox, $"startHistoryId={start}");

        Assert.Equal(["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"], records.Select(KindOf));
        Assert.Equal("""["STARRED"]""", records[1]!["labelsAdded"]![0]!["labelIds"]!.ToJsonString());
    }

    [Fact]
    public async Task Ids_grow_with_gaps_and_the_start_itself_is_left_out()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = await CurrentAsync(sandbox);
        for (int letter = 0; letter < 20; letter++)
        {
            await sandbox.DeliverAsync();
        }

        ulong[] ids = [.. (await RecordsAsync(sandbox, $"startHistoryId={start}")).Select(Id)];

        Assert.Equal(20, ids.Length);
        Assert.True(ids[0] > Number(start));
        Assert.Equal(ids.Order(), ids);
        Assert.True(ids[^1] - ids[0] > 19);
        Assert.Single(await RecordsAsync(sandbox, $"startHistoryId={ids[^2]}"));
    }

    [Fact]
    public async Task Types_and_label_narrow_the_records()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = await CurrentAsync(sandbox);
        string id = (string)(await sandbox.DeliverAsync())["id"]!;
        await sandbox.PostAsync($"messages/{id}/trash");

        Assert.Equal(["messagesAdded"],
            (await RecordsAsync(sandbox, $"startHistoryId={start}&historyTypes=messageAdded")).Select(KindOf));
        Assert.Equal(2, (await RecordsAsync(
            sandbox, $"startHistoryId={start}&historyTypes=labelAdded&historyTypes=labelRemoved")).Count);
        Assert.Empty(await RecordsAsync(sandbox, $"startHistoryId={start}&labelId=SPAM"));
    }

    [Fact]
    public async Task Pages_carry_the_newest_id_and_lose_nothing()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = await CurrentAsync(sandbox);
        for (int letter = 0; letter < 5; letter++)
        {
            await sandbox.DeliverAsync();
        }

        Reply first = await sandbox.GetAsync($"history?startHistoryId={start}&maxResults=3");
        Reply second = await sandbox.GetAsync(
            $"history?startHistoryId={start}&maxResults=3&pageToken={first.Text("nextPageToken")}");

        Assert.Equal((3, 2), (first.Body!["history"]!.AsArray().Count, second.Body!["history"]!.AsArray().Count));
        Assert.Null(second.Body["nextPageToken"]);
        Assert.Equal(await CurrentAsync(sandbox), first.Text("historyId"));
    }

    [Fact]
    public async Task Expired_history_answers_not_found_even_to_who_was_up_to_date()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = await CurrentAsync(sandbox);
        await sandbox.CallAsync(HttpMethod.Post, $"/control/mailboxes/{SandboxOptions.DefaultMailbox}/expire-history");

        Reply reply = await sandbox.GetAsync($"history?startHistoryId={start}");

        Assert.Equal((404, "notFound"), (reply.Status, reply.Reason));
        Assert.Equal("NOT_FOUND", (string?)reply.Body!["error"]!["status"]);
        Assert.Equal(200, (await sandbox.GetAsync($"history?startHistoryId={await CurrentAsync(sandbox)}")).Status);
    }

    [Fact]
    public async Task Records_are_forgotten_after_a_week()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = await CurrentAsync(sandbox);
        await sandbox.DeliverAsync();
        sandbox.Clock.Advance(HistoryLog.Kept + TimeSpan.FromSeconds(1));
        sandbox.SignIn(GmailScopes.Full);

        Assert.Equal(404, (await sandbox.GetAsync($"history?startHistoryId={start}")).Status);
        Assert.Equal(200, (await sandbox.GetAsync($"history?startHistoryId={await CurrentAsync(sandbox)}")).Status);
    }

    [Theory]
    [InlineData("startHistoryId=abc", 400, "invalidArgument")]
    [InlineData("", 400, "invalidArgument")]
    [InlineData("startHistoryId=18446744073709551615", 404, "notFound")]
    [InlineData("startHistoryId=1", 404, "notFound")]
    public async Task A_start_that_was_never_given_out_is_refused(string query, int status, string reason)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.GetAsync("history?" + query);

        Assert.Equal((status, reason), (reply.Status, reply.Reason));
    }

    private static async Task<string> CurrentAsync(SandboxClient sandbox) =>
        (await sandbox.GetAsync("profile")).Text("historyId");

    private static async Task<JsonArray> RecordsAsync(SandboxClient sandbox, string query) =>
        (await sandbox.GetAsync("history?" + query)).Body!["history"]?.AsArray() ?? [];

    private static string KindOf(JsonNode? record) =>
        record!.AsObject().Select(member => member.Key).Single(name => name is not ("id" or "messages"));

    private static ulong Id(JsonNode? record) => Number((string)record!["id"]!);

    private static ulong Number(string id) => ulong.Parse(id, CultureInfo.InvariantCulture);
}
