using System.Text.Json.Nodes;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.Microsoft.Mail;

namespace PracticPro.Tests.Sandbox;

public sealed class MicrosoftMailTests
{
    private const string InboxDelta = "me/mailFolders/inbox/messages/delta?$select=subject,isRead,parentFolderId";

    [Fact]
    public async Task A_filled_account_has_mail_in_several_folders()
    {
        await using MicrosoftClientOfTests sandbox =
            await MicrosoftClientOfTests.StartAsync(options => options with { Fill = true });

        Reply folders = await sandbox.GetAsync("me/mailFolders?$top=50");
        Reply children = await sandbox.GetAsync("me/mailFolders/" + Named(folders, "Clients") + "/childFolders");

        Assert.Contains(folders.Body!["value"]!.AsArray(), folder => (int)folder!["totalItemCount"]! > 0);
        Assert.Equal("Invoices", (string?)children.Body!["value"]![0]!["displayName"]);
        Assert.True((int)(await sandbox.GetAsync("me/mailFolders/sentitems")).Body!["totalItemCount"]! > 0);
    }

    [Fact]
    public async Task A_folder_list_shows_ten_at_a_time_and_its_delta_all_of_them()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        for (int at = 0; at < 5; at++)
        {
            sandbox.Account.Mail.AddFolder($"Folder {at}", sandbox.Account.Mail["inbox"].Key);
        }

        Reply top = await sandbox.GetAsync("me/mailFolders");
        (List<JsonNode> all, string link, _) = await sandbox.RoundAsync("me/mailFolders/delta", "odata.maxpagesize=4");
        sandbox.Account.Mail.DeleteFolder(sandbox.Account.Mail.Folders.Last());
        (List<JsonNode> news, _, _) = await sandbox.RoundAsync(link);

        Assert.Equal(8, top.Body!["value"]!.AsArray().Count);
        Assert.Equal(13, all.Count);
        Assert.Equal("deleted", (string?)Assert.Single(news)["@removed"]!["reason"]);
    }

    [Fact]
    public async Task A_delta_query_tells_everything_in_pages_and_then_only_what_changed()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode first = await sandbox.DeliverAsync("One");
        await sandbox.DeliverAsync("Two");
        await sandbox.DeliverAsync("Three");

        (List<JsonNode> all, string link, int pages) = await sandbox.RoundAsync(InboxDelta, "odata.maxpagesize=2");
        (List<JsonNode> nothing, string again, _) = await sandbox.RoundAsync(link);
        await sandbox.OwnerActsAsync($"messages/{first["id"]}/change", new JsonObject { ["isRead"] = true });
        (List<JsonNode> news, _, _) = await sandbox.RoundAsync(again);

        Assert.Equal((3, 2), (all.Count, pages));
        Assert.Empty(nothing);
        Assert.True((bool)Assert.Single(news)["isRead"]!);
        Assert.Equal((string?)first["id"], (string?)news[0]["id"]);
        Assert.Equal(0, sandbox.World.Traffic.BodiesServed);
    }

    [Fact]
    public async Task A_moved_message_is_removed_here_and_new_there_with_another_id()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode letter = await sandbox.DeliverAsync("One");
        (_, string inbox, _) = await sandbox.RoundAsync(InboxDelta);
        (_, string archive, _) = await sandbox.RoundAsync(InboxDelta.Replace("inbox", "archive", StringComparison.Ordinal));

        Reply moved = await sandbox.PostAsync(
            $"me/messages/{letter["id"]}/move", new JsonObject { ["destinationId"] = "archive" });
        (List<JsonNode> gone, _, _) = await sandbox.RoundAsync(inbox);
        (List<JsonNode> come, _, _) = await sandbox.RoundAsync(archive);

        Assert.Equal(201, moved.Status);
        Assert.Equal("changed", (string?)Assert.Single(gone)["@removed"]!["reason"]);
        Assert.NotEqual((string?)letter["id"], (string?)Assert.Single(come)["id"]);
        Assert.Equal(404, (await sandbox.GetAsync($"me/messages/{letter["id"]}")).Status);
    }

    [Fact]
    public async Task An_immutable_id_survives_a_move_where_it_is_asked_for()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode letter = await sandbox.DeliverAsync("One");
        (List<JsonNode> told, string inbox, _) = await sandbox.RoundAsync(InboxDelta, MicrosoftClientOfTests.Immutable);

        await sandbox.OwnerActsAsync($"messages/{letter["id"]}/move", new JsonObject { ["to"] = "archive" });
        Reply found = await sandbox.GetAsync(
            $"me/messages/{told[0]["id"]}?$select=id", MicrosoftClientOfTests.Immutable);
        (List<JsonNode> gone, _, _) = await sandbox.RoundAsync(inbox, MicrosoftClientOfTests.Immutable);

        Assert.Equal((string?)letter["immutableId"], (string?)told[0]["id"]);
        Assert.Equal((string?)letter["immutableId"], found.Text("id"));
        Assert.Equal((string?)letter["immutableId"], (string?)Assert.Single(gone)["id"]);
        Assert.Contains("IdType", string.Join(' ', found.Headers.GetValues("Preference-Applied")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone", 410, "SyncStateNotFound", true)]
    [InlineData("resyncRequired", 410, "resyncRequired", false)]
    [InlineData("notFound", 404, "syncStateNotFound", false)]
    [InlineData("invalid", 400, "SyncStateInvalid", false)]
    public async Task A_lost_token_is_refused_in_the_way_that_is_set(string way, int status, string code, bool locates)
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        (_, string link, _) = await sandbox.RoundAsync(InboxDelta);
        await sandbox.SetAsync(new JsonObject { ["lostSyncState"] = way });

        await sandbox.OwnerActsAsync("expire-deltas");
        Reply reply = await sandbox.GetAsync(link);

        Assert.Equal((status, code), (reply.Status, CodeOf(reply)));
        Assert.Equal(locates, reply.Headers.Location is not null);
    }

    [Fact]
    public async Task Empty_pages_replays_and_sparse_updates_happen_when_they_are_switched_on()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode first = await sandbox.DeliverAsync("One");
        await sandbox.DeliverAsync("Two");
        (_, string link, _) = await sandbox.RoundAsync(InboxDelta);
        await sandbox.SetAsync(new JsonObject { ["sparseUpdates"] = true, ["replays"] = 1 });

        await sandbox.OwnerActsAsync($"messages/{first["id"]}/change", new JsonObject { ["isRead"] = true });
        (List<JsonNode> news, _, _) = await sandbox.RoundAsync(link);
        await sandbox.SetAsync(new JsonObject { ["emptyPages"] = true, ["replays"] = 0 });
        Reply empty = await sandbox.GetAsync(link);

        Assert.Equal(["Two", null], news.Select(item => (string?)item["subject"]));
        Assert.True((bool)news[1]["isRead"]!);
        Assert.Empty(empty.Body!["value"]!.AsArray());
        Assert.NotNull(empty.Body["@odata.nextLink"]);
    }

    [Fact]
    public async Task Headers_come_only_from_a_single_message_and_only_when_selected()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode letter = await sandbox.DeliverAsync("One", inReplyTo: "earlier@mail.example");

        Reply alone = await sandbox.GetAsync($"me/messages/{letter["id"]}?$select=subject,internetMessageHeaders");
        Reply listed = await sandbox.GetAsync("me/messages?$select=subject,internetMessageHeaders");

        Assert.Contains(alone.Body!["internetMessageHeaders"]!.AsArray(),
            header => (string?)header!["name"] == "In-Reply-To" && (string?)header["value"] == "<earlier@mail.example>");
        Assert.Null(listed.Body!["value"]![0]!["internetMessageHeaders"]);
    }

    [Fact]
    public async Task Whoever_reads_a_body_is_counted()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode letter = await sandbox.DeliverAsync("One");

        Reply narrow = await sandbox.GetAsync($"me/messages/{letter["id"]}?$select=subject");
        int before = sandbox.World.Traffic.BodiesServed;
        await sandbox.GetAsync($"me/messages/{letter["id"]}");
        await sandbox.GetAsync($"me/messages/{letter["id"]}/$value");

        Assert.Null(narrow.Body!["body"]);
        Assert.Equal((0, 2), (before, sandbox.World.Traffic.BodiesServed));
    }

    [Fact]
    public async Task A_draft_is_made_changed_and_sent_and_keeps_its_immutable_id()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await sandbox.SetAsync(new JsonObject { ["sentDelaySeconds"] = 60 });
        Reply draft = await sandbox.PostAsync(
            "me/messages", MicrosoftClientOfTests.Letter("Draft"), MicrosoftClientOfTests.Immutable);
        string path = "me/messages/" + draft.Text("id");

        Reply changed = await sandbox.PatchAsync(path, new JsonObject { ["subject"] = "Final" });
        Reply sent = await sandbox.PostAsync(path + "/send");
        Reply early = await sandbox.GetAsync(path + "?$select=isDraft");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        Reply late = await sandbox.GetAsync(path + "?$select=isDraft,subject", MicrosoftClientOfTests.Immutable);

        Assert.Equal((201, 200, 202, 404), (draft.Status, changed.Status, sent.Status, early.Status));
        Assert.False((bool)late.Body!["isDraft"]!);
        Assert.Equal(draft.Text("id"), late.Text("id"));
        Assert.Equal("Final", Assert.Single(sandbox.World.Sends.All()).Letter.Subject);
        Assert.Equal(404, (await sandbox.PostAsync(path + "/send")).Status);
    }

    [Fact]
    public async Task A_MIME_draft_keeps_its_bytes_and_its_Message_ID_and_is_found_by_it()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        byte[] mime = "From: frontdesk@harbour-clinic.example\r\nTo: ada@mail.example\r\nSubject: Hi\r\nMessage-ID: <m-1@ours>\r\n\r\nx\r\n"u8.ToArray();

        Reply draft = await sandbox.PostTextAsync("me/messages", mime);
        await sandbox.PostAsync($"me/messages/{draft.Text("id")}/send");
        Reply found = await sandbox.GetAsync(
            "me/mailFolders/sentitems/messages?$select=id&$filter=" + Uri.EscapeDataString("internetMessageId eq '<m-1@ours>'"));

        Assert.Equal("<m-1@ours>", draft.Text("internetMessageId"));
        Assert.Single(found.Body!["value"]!.AsArray());
        Assert.Equal(mime, Assert.Single(sandbox.World.Sends.All()).Letter.Raw);
    }

    [Fact]
    public async Task A_reply_keeps_the_conversation_and_goes_to_the_sender()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonNode letter = await sandbox.DeliverAsync("One");

        Reply reply = await sandbox.PostAsync($"me/messages/{letter["id"]}/createReply");

        Assert.Equal((string?)letter["conversationId"], reply.Text("conversationId"));
        Assert.Equal("RE: One", reply.Text("subject"));
        Assert.Equal("ada@mail.example", (string?)reply.Body!["toRecipients"]![0]!["emailAddress"]!["address"]);
    }

    [Fact]
    public async Task SendMail_answers_202_and_is_not_idempotent()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        JsonObject letter = MicrosoftClientOfTests.Letter("Twice");
        letter["internetMessageId"] = "<same@ours>";

        Reply first = await sandbox.PostAsync("me/sendMail", new JsonObject { ["message"] = letter.DeepClone() });
        await sandbox.PostAsync("me/sendMail", new JsonObject { ["message"] = letter });

        Assert.Equal(202, first.Status);
        Assert.Equal(2, sandbox.World.Sends.CountOf(new PracticPro.Sandbox.Mail.Rfc822Id("same@ours")));
    }

    [Fact]
    public async Task Mail_ReadWrite_drafts_and_does_not_send()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        sandbox.SignIn(MicrosoftScopes.WriteMail);

        Reply draft = await sandbox.PostAsync("me/messages", MicrosoftClientOfTests.Letter("Draft"));
        Reply sent = await sandbox.PostAsync($"me/messages/{draft.Text("id")}/send");

        Assert.Equal(201, draft.Status);
        Assert.Equal((403, "ErrorAccessDenied"), (sent.Status, CodeOf(sent)));
    }

    [Fact]
    public async Task A_small_file_goes_inline_and_a_large_one_through_a_session()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        Reply draft = await sandbox.PostAsync("me/messages", MicrosoftClientOfTests.Letter("Files"));
        string path = $"me/messages/{draft.Text("id")}/attachments";
        byte[] large = new byte[AttachmentMethods.LargestInline + 10];

        Reply small = await sandbox.PostAsync(path, File(new byte[10]));
        Reply refused = await sandbox.PostAsync(path, File(large));
        Reply session = await sandbox.PostAsync(path + "/createUploadSession", new JsonObject
        {
            ["AttachmentItem"] = new JsonObject { ["name"] = "big.pdf", ["size"] = large.Length },
        });
        int half = large.Length / 2;
        int[] statuses =
        [
            await PutAsync(sandbox, session.Text("uploadUrl"), large[..half], 0, large.Length),
            await PutAsync(sandbox, session.Text("uploadUrl"), large[..half], 0, large.Length),
            await PutAsync(sandbox, session.Text("uploadUrl"), large[half..], half, large.Length),
        ];
        Reply listed = await sandbox.GetAsync(path + "?$select=name,size");

        Assert.Equal((201, 413), (small.Status, refused.Status));
        Assert.Equal([200, 416, 201], statuses);
        Assert.Equal(["a.txt", "big.pdf"], listed.Body!["value"]!.AsArray().Select(file => (string?)file!["name"]));
    }

    [Fact]
    public async Task More_than_four_requests_at_once_are_refused()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await sandbox.SetAsync(new JsonObject { ["latencySeconds"] = 2 });

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => sandbox.GetAsync("me")));

        Assert.Equal(4, replies.Count(reply => reply.Status == 200));
        Reply refused = replies.First(reply => reply.Status == 429);
        Assert.Equal("ApplicationThrottled", CodeOf(refused));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Too_many_requests_in_ten_minutes_are_told_how_long_to_wait()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await sandbox.SetAsync(new JsonObject { ["mostInTenMinutes"] = 2 });
        await sandbox.GetAsync("me");
        await sandbox.GetAsync("me");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(4));

        Reply refused = await sandbox.GetAsync("me");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal((429, TimeSpan.FromMinutes(6)), (refused.Status, refused.Headers.RetryAfter!.Delta));
        Assert.Equal(200, (await sandbox.GetAsync("me")).Status);
    }

    [Fact]
    public async Task A_dead_token_and_an_injected_error_come_in_Graphs_envelope()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        sandbox.Host.World.Faults.Add(
            new FaultMatch("GET", "/v1.0/me$", null),
            new FaultAction(FaultKind.Status) { Reason = "TooManyRequests", Seconds = 17 });

        Reply throttled = await sandbox.GetAsync("me");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(90));
        Reply dead = await sandbox.GetAsync("me");

        Assert.Equal((429, TimeSpan.FromSeconds(17)), (throttled.Status, throttled.Headers.RetryAfter!.Delta));
        Assert.Equal((401, "InvalidAuthenticationToken"), (dead.Status, CodeOf(dead)));
        Assert.NotNull(dead.Body!["error"]!["innerError"]!["request-id"]);
    }

    private static string? CodeOf(Reply reply) => (string?)reply.Body!["error"]!["code"];

    private static string Named(Reply folders, string name) => (string)folders.Body!["value"]!.AsArray()
        .First(folder => (string?)folder!["displayName"] == name)!["id"]!;

    private static JsonObject File(byte[] content) => new()
    {
        ["@odata.type"] = "#microsoft.graph.fileAttachment",
        ["name"] = "a.txt",
        ["contentBytes"] = Convert.ToBase64String(content),
    };

    private static async Task<int> PutAsync(
        MicrosoftClientOfTests sandbox, string url, byte[] part, int from, int total)
    {
        using var content = new ByteArrayContent(part);
        content.Headers.TryAddWithoutValidation("Content-Range", $"bytes {from}-{from + part.Length - 1}/{total}");
        using HttpResponseMessage response =
            await sandbox.Http.PutAsync(url, content, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
