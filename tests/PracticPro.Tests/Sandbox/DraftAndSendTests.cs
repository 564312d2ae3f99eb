using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Sandbox;

public sealed class DraftAndSendTests
{
    [Fact]
    public async Task A_draft_keeps_its_id_and_changes_its_message_at_every_edit()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply created = await CreateAsync(sandbox, SandboxClient.Raw("One"));

        Reply updated = await sandbox.GmailAsync(
            HttpMethod.Put, $"drafts/{created.Text("id")}", Mail(SandboxClient.Raw("Two")));

        Assert.Equal(created.Text("id"), updated.Text("id"));
        Assert.NotEqual((string?)created.Body!["message"]!["id"], (string?)updated.Body!["message"]!["id"]);
        Assert.NotEqual((string?)created.Body["message"]!["threadId"], (string?)updated.Body["message"]!["threadId"]);
        Assert.Equal(404, (await sandbox.GetAsync($"messages/{created.Body["message"]!["id"]}")).Status);
    }

    [Fact]
    public async Task A_sent_draft_is_gone_and_its_letter_is_a_new_message()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply draft = await CreateAsync(sandbox, SandboxClient.Raw());

        Reply sent = await sandbox.PostAsync("drafts/send", new() { ["id"] = draft.Text("id") });

        Assert.Equal(["SENT"], sent.Body!["labelIds"]!.AsArray().Select(label => (string?)label));
        Assert.NotEqual((string?)draft.Body!["message"]!["id"], sent.Text("id"));
        Assert.Equal((string?)draft.Body["message"]!["threadId"], sent.Text("threadId"));
        Assert.Equal(404, (await sandbox.GetAsync($"drafts/{draft.Text("id")}")).Status);
        Assert.Equal(404, (await sandbox.PostAsync("drafts/send", new() { ["id"] = draft.Text("id") })).Status);
    }

    [Fact]
    public async Task A_draft_may_be_sent_with_another_text()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply draft = await CreateAsync(sandbox, SandboxClient.Raw("Before"));

        Reply sent = await sandbox.PostAsync("drafts/send", new()
        {
            ["id"] = draft.Text("id"),
            ["message"] = new JsonObject { ["raw"] = SandboxClient.Raw("After") },
        });

        Assert.Contains("Subject: After", await RawOfAsync(sandbox, sent.Text("id")), StringComparison.Ordinal);
        Assert.Null((await sandbox.GetAsync("drafts")).Body!["drafts"]);
    }

    [Fact]
    public async Task Drafts_are_listed_with_their_messages_and_deleted_for_good()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply draft = await CreateAsync(sandbox, SandboxClient.Raw());
        JsonNode listed = (await sandbox.GetAsync("drafts")).Body!["drafts"]![0]!;

        Reply deleted = await sandbox.GmailAsync(HttpMethod.Delete, $"drafts/{draft.Text("id")}");

        Assert.Equal(draft.Text("id"), (string?)listed["id"]);
        Assert.Equal(204, deleted.Status);
        Assert.Equal(404, (await sandbox.GetAsync($"messages/{draft.Body!["message"]!["id"]}")).Status);
    }

    [Fact]
    public async Task The_clients_message_id_is_kept_and_found_again()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply sent = await SendAsync(sandbox, SandboxClient.Raw(headers: "Message-ID: <mine-1@clinic.example>\r\n"));

        Reply found = await sandbox.GetAsync("messages?q=rfc822msgid:mine-1@clinic.example");
        Assert.Equal(sent.Text("id"), (string?)found.Body!["messages"]![0]!["id"]);
    }

    [Fact]
    public async Task A_message_id_and_a_date_are_added_where_there_are_none()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        string raw = await RawOfAsync(sandbox, (await SendAsync(sandbox, SandboxClient.Raw())).Text("id"));

        Assert.Matches("(?m)^Message-ID: <CA\\+[^>]+@mail\\.gmail\\.com>\r$", raw);
        Assert.Contains("\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_from_becomes_the_accounts_address()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string mail = SandboxClient.Encode(
            "From: Doctor Ruiz <boss@elsewhere.example>\r\nTo: ada@mail.example\r\n\r\nHi\r\n");

        string raw = await RawOfAsync(sandbox, (await SendAsync(sandbox, mail)).Text("id"));

        Assert.Contains("\r\nFrom: Doctor Ruiz <owner@harbour-clinic.example>\r\n", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Re: Plan", true, true)]
    [InlineData(false, "Re: Plan", true, false)]
    [InlineData(true, "Another plan", true, false)]
    [InlineData(true, "Re: Plan", false, false)]
    public async Task A_letter_joins_a_thread_only_when_all_three_agree(
        bool names, string subject, bool refers, bool joins)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        JsonNode first = await sandbox.DeliverAsync("Plan");
        string headers = refers ? $"References: <{first["rfc822MessageId"]}>\r\n" : "";
        var message = new JsonObject { ["raw"] = SandboxClient.Raw(subject, headers) };
        if (names)
        {
            message["threadId"] = (string)first["threadId"]!;
        }

        Reply sent = await sandbox.PostAsync("messages/send", message);

        Assert.Equal(joins, sent.Text("threadId") == (string?)first["threadId"]);
    }

    [Fact]
    public async Task Every_letter_is_counted_under_its_message_id()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string twice = SandboxClient.Raw(headers: "Message-ID: <twice@clinic.example>\r\n");
        await SendAsync(sandbox, twice);
        await SendAsync(sandbox, twice);
        Reply draft = await CreateAsync(sandbox, SandboxClient.Raw(headers: "Message-ID: <once@clinic.example>\r\n"));
        await sandbox.PostAsync("drafts/send", new() { ["id"] = draft.Text("id") });

        Reply statistics = await sandbox.CallAsync(HttpMethod.Get, "/control/statistics");

        JsonNode counts = statistics.Body!["sendsByMessageId"]!;
        Assert.Equal((2, 1), ((int)counts["twice@clinic.example"]!, (int)counts["once@clinic.example"]!));
        Assert.Equal(2, (int)statistics.Body["requests"]!["POST /gmail/v1/users/{userId}/messages/send"]!);
    }

    [Theory]
    [InlineData("""{"raw":"***"}""", "invalidArgument")]
    [InlineData("""{"raw":""}""", "invalidArgument")]
    [InlineData("""{"raw":"U3ViamVjdDogbm9ib2R5DQoNCg"}""", "invalidArgument")]
    [InlineData("""{"row":"SGk"}""", "badRequest")]
    [InlineData("""[]""", "badRequest")]
    public async Task A_letter_that_cannot_be_sent_is_refused(string body, string reason)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.CallAsync(HttpMethod.Post, "/gmail/v1/users/me/messages/send",
            JsonNode.Parse(body));

        Assert.Equal((400, reason), (reply.Status, reply.Reason));
        Assert.Empty(sandbox.World.Sends.All());
    }

    [Fact]
    public async Task A_letter_over_35_mebibytes_is_refused()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string raw = SandboxClient.Raw(text: new string('x', JsonBody.LargestMail));

        Reply reply = await SendAsync(sandbox, raw);

        Assert.Equal((413, "uploadTooLarge"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_thread_that_is_not_here_is_not_found()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.PostAsync(
            "messages/send", new() { ["raw"] = SandboxClient.Raw(), ["threadId"] = "00000000000000aa" });

        Assert.Equal((404, "notFound"), (reply.Status, reply.Reason));
    }

    private static JsonObject Mail(string raw) => new() { ["message"] = new JsonObject { ["raw"] = raw } };

    private static Task<Reply> CreateAsync(SandboxClient sandbox, string raw) => sandbox.PostAsync("drafts", Mail(raw));

    private static Task<Reply> SendAsync(SandboxClient sandbox, string raw) =>
        sandbox.PostAsync("messages/send", new() { ["raw"] = raw });

    private static async Task<string> RawOfAsync(SandboxClient sandbox, string id) =>
        Encoding.UTF8.GetString(
            SandboxClient.Decode((await sandbox.GetAsync($"messages/{id}?format=raw")).Body!["raw"]));
}
