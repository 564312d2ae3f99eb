using System.Net;
using System.Text;
using PracticPro.Cli;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Web;

public sealed class ApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_session_says_who_and_where()
    {
        var owner = await server.OwnerAsync();
        var session = await Caller.JsonAsync(await owner.GetAsync("/api/v1/session"));
        Assert.Equal("owner", (string?)session["person"]!["role"]);
        Assert.Equal("Harbour Clinic", (string?)session["practice"]!["name"]);
        Assert.Equal(owner.Csrf, (string?)session["csrfToken"]);
        Assert.NotNull(session["expiresAt"]);
    }

    [Fact]
    public async Task An_approval_is_listed_shown_approved_and_undone()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var list = await Caller.JsonAsync(await owner.GetAsync("/api/v1/approvals?state=waiting&limit=100"));
        var row = list["items"]!.AsArray().Single(item => (string?)item!["id"] == approval.Id.Text)!;
        Assert.Equal("confirm", (string?)row["worstVerdict"]);
        Assert.Equal("ann.canaryann@known.example", (string?)row["to"]![0]!["address"]);

        var one = await Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals/{approval.Id}"));
        Assert.StartsWith("Date: ", (string?)one["mime"], StringComparison.Ordinal);
        Assert.Equal(6, one["gates"]!.AsArray().Count);
        Assert.True(one.AsObject().ContainsKey("decision"));
        Assert.Null(one["decision"]);

        var digest = (string)one["digest"]!;
        var unconfirmed = await owner.PostAsync($"/api/v1/approvals/{approval.Id}/approve", new { digest, confirmed = false });
        Assert.Equal("not-confirmed", await Caller.CodeOfAsync(unconfirmed));
        var approved = await owner.PostAsync($"/api/v1/approvals/{approval.Id}/approve", new { digest, confirmed = true });
        Assert.Equal("approved", (string?)(await Caller.JsonAsync(approved))["state"]);
        var undone = await owner.PostAsync($"/api/v1/approvals/{approval.Id}/undo", new { });
        Assert.Equal("waiting", (string?)(await Caller.JsonAsync(undone))["state"]);
    }

    [Fact]
    public async Task An_edit_makes_a_new_digest_and_the_old_one_decides_nothing()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var edit = new { digest = approval.Digest.Hex, to = new[] { "ann.canaryann@known.example" }, subject = "Re: visit", text = "Tuesday." };
        var edited = await Caller.JsonAsync(await owner.PostAsync($"/api/v1/approvals/{approval.Id}/edit", edit));
        Assert.Equal(2, (int)edited["revision"]!);
        Assert.NotEqual(approval.Digest.Hex, (string?)edited["digest"]);
        var stale = await owner.PostAsync($"/api/v1/approvals/{approval.Id}/reject", new { digest = approval.Digest.Hex, reason = "No." });
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/approvals?cursor=%25", "bad-cursor")]
    [InlineData("/api/v1/approvals?cursor=YWJj", "bad-cursor")]
    [InlineData("/api/v1/contacts?cursor=YWJj", "bad-cursor")]
    [InlineData("/api/v1/drafts?cursor=YWJj", "bad-cursor")]
    [InlineData("/api/v1/audit?cursor=YWJj", "audit-cursor-unknown")]
    [InlineData("/api/v1/approvals?limit=0", "bad-limit")]
    [InlineData("/api/v1/approvals?limit=101", "bad-limit")]
    [InlineData("/api/v1/contacts?limit=two", "bad-limit")]
    [InlineData("/api/v1/approvals?state=gone", "bad-state")]
    public async Task A_place_or_state_that_is_none_is_refused(string path, string code)
    {
        var answer = await (await server.OwnerAsync()).GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, await Caller.CodeOfAsync(answer));
    }

    [Fact]
    public async Task Pages_of_a_list_follow_one_another_to_the_end()
    {
        var owner = await server.OwnerAsync();
        var expected = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            expected.Add((await server.ProposeAsync()).Id.Text);
        }

        var seen = new List<string>();
        string? next = null;
        do
        {
            var query = next is null ? "" : $"&cursor={next}";
            var page = await Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals?limit=2{query}"));
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["id"]!));
            next = (string?)page["next"];
        }
        while (next is not null);
        Assert.Superset(expected, seen.ToHashSet());
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task Reading_the_audit_log_is_in_the_audit_log_once_a_page()
    {
        var owner = await server.OwnerAsync();
        Task<int> reads() => CountAsync(owner, "audit-read");
        var before = await reads();
        Assert.Equal(before + 1, await reads());
    }

    [Fact]
    public async Task The_exported_log_is_a_whole_zip_and_leaves_nothing_behind()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.GetAsync("/api/v1/audit/export");
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var folder = Path.Combine(server.Folder, "unpacked");
        await System.IO.Compression.ZipFile.ExtractToDirectoryAsync(
            new MemoryStream(bytes), folder, TestContext.Current.CancellationToken);
        using var words = new StringWriter();
        var verdict = await VerifyAuditVerb.RunAsync(
            folder, new VerifyAuditOptions(AllowUnpinned: true), words, TestContext.Current.CancellationToken);
        Assert.Equal(VerifyAuditVerb.Whole, verdict);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "exports")));
        Assert.True(await CountAsync(owner, "audit-exported") >= 1);
    }

    [Fact]
    public async Task A_checkpoint_is_a_plain_note()
    {
        var answer = await (await server.OwnerAsync()).GetAsync("/api/v1/audit/checkpoint");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Connecting_gives_the_consent_page_and_nothing_secret()
    {
        var answer = await (await server.OwnerAsync()).PostAsync("/api/v1/connections/gmail", new { });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var url = (string)(await Caller.JsonAsync(answer))["authorizeUrl"]!;
        Assert.Contains("code_challenge_method=S256", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_show_no_token()
    {
        var answer = await (await server.OwnerAsync()).GetAsync("/api/v1/connections");
        var item = (await Caller.JsonAsync(answer))["items"]![0]!.AsObject();
        Assert.Equal(
            ["id", "provider", "account", "mailbox", "state", "scopes", "connectedAt", "lostBecause", "sync"], item.Select(member => member.Key));
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task The_coverage_of_a_connection_that_was_never_read_is_nothing_and_of_none_is_not_found()
    {
        var owner = await server.OwnerAsync();
        var id = (string)(await Caller.JsonAsync(await owner.GetAsync("/api/v1/connections")))["items"]![0]!["id"]!;
        var answer = await owner.GetAsync($"/api/v1/connections/{id}/coverage");
        Assert.Empty((await Caller.JsonAsync(answer))["items"]!.AsArray());
        var unknown = await owner.GetAsync($"/api/v1/connections/{ConnectionId.New(TimeProvider.System)}/coverage");
        Assert.Equal("connection-not-found", await Caller.CodeOfAsync(unknown));
    }

    [Fact]
    public async Task A_push_without_proof_is_turned_away_unread()
    {
        var answer = await server.Nobody().SendAsync(
            HttpMethod.Post, "/webhooks/gmail", new StringContent("not even json", Encoding.UTF8, "application/json"), null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("push-unproven", await Caller.CodeOfAsync(answer));
    }

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task A_calendar_s_notification_of_no_known_channel_is_turned_away()
    {
        using var content = new StringContent("", Encoding.UTF8, "text/plain");
        content.Headers.Add("X-Goog-Channel-ID", PracticPro.Sync.Connectors.ChannelId.New(TimeProvider.System).Text);
        content.Headers.Add("X-Goog-Channel-Token", new string('A', 43));
        content.Headers.Add("X-Goog-Resource-ID", "resource");
        content.Headers.Add("X-Goog-Resource-State", "exists");
        content.Headers.Add("X-Goog-Message-Number", "2");

        var answer = await server.Nobody().SendAsync(HttpMethod.Post, "/webhooks/google-calendar", content, null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("push-unproven", await Caller.CodeOfAsync(answer));
    }

    [Theory]
    [InlineData("{\"digest\":1,\"confirmed\":true}", "digest")]
    [InlineData("{\"digest\":\"x\",\"confirmd\":true}", "confirmd")]
    [InlineData("{\"digest\":\"x\",\"confirmed\":\"secret-canary\"}", "confirmed")]
    [InlineData("{\"digest\":", "digest")]
    [InlineData("[]", null)]
    [Trait("Promise", "NET-2")]
    public async Task A_body_of_the_wrong_shape_is_refused_and_not_echoed(string body, string? field)
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var answer = await owner.SendAsync(
            HttpMethod.Post, $"/api/v1/approvals/{approval.Id}/approve", new StringContent(body, Encoding.UTF8, "application/json"), null);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await Caller.JsonAsync(answer);
        Assert.Equal(field, (string?)problem["field"]);
        Assert.DoesNotContain("canary", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("to", "bad-recipient")]
    [InlineData("subject", "bad-text")]
    [Trait("Promise", "NET-2")]
    public async Task A_line_break_cannot_carry_a_header_into_a_mail(string into, string code)
    {
        const string evil = "x@known.example\r\nBcc: thief@evil.example";
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var edit = new
        {
            digest = approval.Digest.Hex,
            to = new[] { into == "to" ? evil : "ann.canaryann@known.example" },
            subject = into == "subject" ? evil : "Re: visit",
            text = "Text.",
        };
        var answer = await owner.PostAsync($"/api/v1/approvals/{approval.Id}/edit", edit);
        Assert.Equal(code, await Caller.CodeOfAsync(answer));
        var one = await Caller.JsonAsync(await owner.GetAsync($"/api/v1/approvals/{approval.Id}"));
        Assert.DoesNotContain("Bcc", (string?)one["mime"], StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(Caller owner, string act)
    {
        var page = await Caller.JsonAsync(await owner.GetAsync("/api/v1/audit?limit=100"));
        return page["items"]!.AsArray().Count(item => (string?)item!["act"] == act);
    }
}
