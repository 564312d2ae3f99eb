using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Tests.Approvals;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Web;

public sealed class OutboundApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_mail_with_attachments_is_proposed_shown_and_looked_into()
    {
        var owner = await server.OwnerAsync();
        var content = new byte[2_000_000];
        Array.Fill(content, (byte)'x');
        var answer = await owner.PostAsync("/api/v1/approvals/mails", new
        {
            key = "bill-1",
            connection = server.Mailbox.Text,
            to = new[] { "ann.canaryann@known.example" },
            subject = "Your bill",
            text = "Here it is.",
            attachments = new[] { new { name = "bill.pdf", mediaType = "application/pdf", content = Convert.ToBase64String(content) } },
            because = "She asked.",
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var approval = await Caller.JsonAsync(answer);
        Assert.Equal(("mail", "waiting"), ((string?)approval["kind"], (string?)approval["state"]));
        Assert.Equal("bill.pdf", (string?)approval["attachments"]![0]!["name"]);
        Assert.Null(approval["mime"]);

        var page = await owner.PageAsync($"/approvals/{approval["id"]}");
        Assert.Contains("bill.pdf", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var file = await owner.GetAsync($"/approvals/{approval["id"]}/attachments/0");
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(content, await file.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"/approvals/{approval["id"]}/attachments/1")).StatusCode);
    }

    [Fact]
    public async Task A_mail_may_name_its_sender_and_the_gates_refuse_one_that_is_not_the_mailboxs()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.PostAsync("/api/v1/approvals/mails", new
        {
            key = "sender-1",
            connection = server.Mailbox.Text,
            from = "anybody@elsewhere.example",
            to = new[] { "ann.canaryann@known.example" },
            subject = "Your visit",
            text = "See you on Monday.",
        });
        var approval = await Caller.JsonAsync(answer);
        Assert.Equal("anybody@elsewhere.example", (string?)approval["from"]!["address"]);
        Assert.Contains("foreign-sender", approval["gates"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_senders_a_mail_may_name_are_the_mailboxs_own_address_and_its_verified_ones()
    {
        var owner = await server.OwnerAsync();
        await server.VerifyAsync("desk@harbour-clinic.example");
        var answer = await Caller.JsonAsync(await owner.GetAsync($"/api/v1/connections/{server.Mailbox}/senders"));
        Assert.Equal(
            ["front@harbour-clinic.example", "desk@harbour-clinic.example"], answer["items"]!.AsArray().Select(one => (string?)one));
        var unknown = await owner.GetAsync($"/api/v1/connections/{ConnectionId.New(TimeProvider.System)}/senders");
        Assert.Equal("connection-not-found", await Caller.CodeOfAsync(unknown));
    }

    [Fact]
    public async Task A_task_for_the_practice_is_proposed_once_a_key_and_shown()
    {
        var owner = await server.OwnerAsync();
        var wish = new { key = "task-1", task = new { title = "Call Ann", due = "2030-03-15", notes = "Mornings." }, because = "She asked." };
        var first = await Caller.JsonAsync(await owner.PostAsync("/api/v1/approvals/tasks", wish));
        var second = await Caller.JsonAsync(await owner.PostAsync("/api/v1/approvals/tasks", wish));
        Assert.Equal((string?)first["id"], (string?)second["id"]);
        Assert.Equal("Call Ann", (string?)first["task"]!["order"]!["task"]!["title"]);
        var page = await (await owner.PageAsync($"/approvals/{first["id"]}")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Friday, 15 March 2030", page, StringComparison.Ordinal);
        Assert.Contains("Approve and put it on the list", page, StringComparison.Ordinal);
        Assert.Empty((await Caller.JsonAsync(await owner.GetAsync("/api/v1/tasks")))["items"]!.AsArray());
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public async Task The_page_of_a_change_shows_what_stands_there_and_what_it_is_to_become()
    {
        var owner = await server.OwnerAsync();
        var id = await PutEventAsync();
        var text = await (await owner.PageAsync($"/approvals/{id}")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var page = await new HtmlParser().ParseDocumentAsync(text, TestContext.Current.CancellationToken);
        string[] before = [.. page.QuerySelectorAll(".head del").Select(one => one.TextContent)];
        Assert.Equal(["First visit", "Monday, 15 March 2027, 09:30 to 10:15 (Europe/Berlin)"], before);
        Assert.Equal("Second visit", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("Monday, 15 March 2027, 11:00 to 12:00 (Europe/Berlin)", page.QuerySelector(".head")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("If-Match: \"7\"", page.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Approve and change the event", page.QuerySelector(".decide button.primary")!.TextContent);
    }

    [Fact]
    public async Task The_page_of_an_event_has_a_form_with_what_it_is_to_become_and_loses_nothing_that_was_typed()
    {
        var owner = await server.OwnerAsync();
        var id = await PutEventAsync();
        using var page = await ParseAsync(await owner.PageAsync($"/approvals/{id}"));
        Assert.Equal(
            ["Second visit", "2027-03-15T11:00", "2027-03-15T12:00", "Europe/Berlin"],
            page.QuerySelectorAll("form[action$='/edit'] input:not([type=hidden]):not([name=location])").Select(one => one.GetAttribute("value")));
        var fields = page.QuerySelectorAll("form[action$='/edit'] input:not([type=hidden]), form[action$='/edit'] textarea");
        Assert.All(fields, field => Assert.NotNull(page.QuerySelector($"label[for='{field.Id}']")));

        var digest = page.QuerySelector("form[action$='/edit'] input[name=digest]")!.GetAttribute("value")!;
        var refused = await owner.FormAsync(
            $"/approvals/{id}/edit",
            ("digest", digest), ("title", "Third visit"), ("start", "half past nine"), ("end", "2027-03-15T12:00"), ("zone", "Europe/Berlin"),
            ("location", "Room 2"), ("guests", ""), ("description", "Bring the letter."));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var again = await ParseAsync(refused);
        Assert.Equal("Third visit", again.QuerySelector("input[name=title]")!.GetAttribute("value"));
        Assert.Equal("Bring the letter.", again.QuerySelector("textarea[name=description]")!.TextContent);
        Assert.Contains("The event needs a title", again.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "APR-2")]
    public async Task A_task_that_is_edited_on_its_page_is_a_new_version()
    {
        var owner = await server.OwnerAsync();
        var wish = new { key = "task-2", task = new { title = "Call Ann", due = "2030-03-15", notes = "Mornings." }, because = "She asked." };
        var first = await Caller.JsonAsync(await owner.PostAsync("/api/v1/approvals/tasks", wish));
        var at = $"/approvals/{first["id"]}";
        using (var page = await ParseAsync(await owner.PageAsync(at)))
        {
            Assert.Equal("2030-03-15", page.QuerySelector("input[name=due]")!.GetAttribute("value"));
        }

        var answer = await owner.FormAsync(
            $"{at}/edit", ("digest", (string)first["digest"]!), ("title", "Call Ann Able"), ("due", ""), ("notes", "Any time."));
        Assert.Equal($"{at}?note=edited", answer.Headers.Location?.ToString());
        using var edited = await ParseAsync(await owner.PageAsync(at));
        Assert.Equal("Call Ann Able", edited.QuerySelector("h1")!.TextContent);
        Assert.Contains("Version 2.", edited.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("2030", edited.QuerySelector(".head")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/approvals/mails", """{"connection":"x"}""", "bad-key")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"x"}""", "bad-connection")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"MAILBOX","to":["no address"],"subject":"S","text":"T"}""", "bad-recipient")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"MAILBOX","from":"the desk","to":[],"subject":"S","text":"T"}""", "bad-sender")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"MAILBOX","to":[],"subject":"","text":"T"}""", "bad-text")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"MAILBOX","to":[],"subject":"S","text":"T","attachments":[{"name":"a.pdf","mediaType":"application/pdf","content":"%%"}]}""", "bad-attachment")]
    [InlineData("/api/v1/approvals/events", """{"key":"k","connection":"MAILBOX","change":"create"}""", "bad-event")]
    [InlineData("/api/v1/approvals/events", """{"key":"k","connection":"MAILBOX","change":"create","event":{"title":"T","start":"2027-03-15T09:30"}}""", "bad-event")]
    [InlineData("/api/v1/approvals/events", """{"key":"k","connection":"MAILBOX","change":"create","event":{"title":"T","firstDay":"2027-03-15","lastDay":"2027-03-15"}}""", "connection-cannot-do-that")]
    [InlineData("/api/v1/approvals/events", """{"key":"k","connection":"MAILBOX","change":"cancel"}""", "bad-event")]
    [InlineData("/api/v1/approvals/tasks", """{"key":"k","task":{"title":" "}}""", "bad-task")]
    [InlineData("/api/v1/approvals/tasks", """{"key":"k","connection":"MAILBOX","task":{"title":"T"}}""", "connection-cannot-do-that")]
    [InlineData("/api/v1/tasks/task-00000000000000000000000000/complete", "{}", "task-not-found")]
    public async Task What_cannot_be_proposed_says_why(string path, string body, string code)
    {
        var owner = await server.OwnerAsync();
        using var content = new StringContent(body.Replace("MAILBOX", server.Mailbox.Text, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        Assert.Equal(code, await Caller.CodeOfAsync(await owner.SendAsync(HttpMethod.Post, path, content, null)));
    }

    [Theory]
    [InlineData("/api/v1/tasks?state=gone", "bad-state")]
    [InlineData("/api/v1/tasks?limit=0", "bad-limit")]
    public async Task A_list_of_tasks_that_is_none_is_refused(string path, string code) =>
        Assert.Equal(code, await Caller.CodeOfAsync(await (await server.OwnerAsync()).GetAsync(path)));

    private static async Task<IDocument> ParseAsync(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>A change of an event that waits, as if a calendar had been connected.</summary>
    private async Task<ApprovalId> PutEventAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var patch = ProviderOperation.WriteWhole("events-patch", HttpMethod.Patch, "/calendar/v3/calendars/primary/events/{0}");
        var place = new Processor("google-calendar", new Uri("https://calendar.example"), "A double.", [patch]);
        var visit = EventWriterContract.Visit;
        var after = visit with
        {
            Title = "Second visit",
            When = new EventSpan.Timed(new(2027, 3, 15, 11, 0, 0), new(2027, 3, 15, 12, 0, 0), "Europe/Berlin"),
        };
        var action = new OutgoingEvent(
            EmailAddress.Parse("front@harbour-clinic.example"),
            new EventOrder.Change(new EventPlace("", "1f38"), "\"7\"", after, TellGuests: true),
            visit);
        var write = OutgoingWrite.Of(new EgressRequest(place, patch)
        {
            PathArguments = ["1f38"],
            Query = [new("sendUpdates", "all")],
            Headers = [new("If-Match", "\"7\"")],
            Body = CanonicalBody.Of(new JsonObject { ["summary"] = after.Title }),
        });
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var blank = new Approval(
            ApprovalId.From(write.Sha256()), server.Mailbox, null, ApprovalState.Waiting, 1, action, [], [], null, default, [],
            new Actor.Job("test"), now, now + Approval.Lifetime, "She asked for a later time.");
        var gates = SixGates.Evaluate(AnyGateFacts.Approved with
        {
            Action = action, Approver = null, Sender = AnyGateFacts.Approved.Sender with { Mailbox = action.Account },
        });
        var approval = Approval.Revise(blank, new Composed(action, [], write.Sha256(), write), gates);
        var scope = await server.Services.GetRequiredService<TenantScopes>().OpenAsync(server.Tenant, cancellation);
        await scope.CommitAsync([scope.Put(ApprovalKinds.Approval, approval, Condition.Absent)], cancellation);
        return approval.Id;
    }
}
