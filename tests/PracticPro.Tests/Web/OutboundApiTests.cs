using System.Net;
using System.Text;

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

    [Theory]
    [InlineData("/api/v1/approvals/mails", """{"connection":"x"}""", "bad-key")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"x"}""", "bad-connection")]
    [InlineData("/api/v1/approvals/mails", """{"key":"k","connection":"MAILBOX","to":["no address"],"subject":"S","text":"T"}""", "bad-recipient")]
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
}
