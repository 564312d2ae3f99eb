using AngleSharp.Html.Parser;

namespace PracticPro.Tests.Web;

/// <summary>A whole visit with planted names: none of them turns up in an address, a title or a log line.</summary>
[Trait("Promise", "MIN-2")]
public sealed class NothingPersonalTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Canary = "canary";

    [Fact]
    public async Task A_visit_leaves_no_name_in_an_address_a_title_or_the_log()
    {
        var visitor = server.Nobody();
        await visitor.FormAsync("/sign-in", ("name", RunningServer.OwnerName), ("password", "canary-wrong-password"));
        visitor.Cookie = null;
        await visitor.SignInAsync(RunningServer.OwnerName, RunningServer.Password);
        var approval = await server.ProposeAsync("Re: canary subject", "canary text", "Canary Name", "canary reason");
        var at = $"/approvals/{approval.Id}";
        foreach (var path in new[] { "/inbox", at, "/connections", "/audit", "/nothing?q=canary" })
        {
            await visitor.PageAsync(path);
        }

        await visitor.FormAsync($"{at}/edit", ("digest", approval.Digest.Hex), ("to", "canary"), ("subject", "canary"), ("text", "canary"));
        await visitor.FormAsync($"{at}/edit", ("digest", approval.Digest.Hex), ("to", "x.canary@known.example"), ("subject", "canary"), ("text", "canary"));
        await visitor.FormAsync($"{at}/approve", ("digest", "canary"), ("confirmed", "yes"));
        await visitor.PostAsync($"/api/v1{at}/approve", new { digest = 7, confirmed = "canary" });
        await visitor.FormAsync("/sign-out");

        Assert.True(visitor.Answers.Count > 10);
        foreach (var answer in visitor.Answers)
        {
            Assert.DoesNotContain(Canary, answer.Headers.Location?.ToString() ?? "", StringComparison.OrdinalIgnoreCase);
            using var page = await new HtmlParser().ParseDocumentAsync(
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.DoesNotContain(Canary, page.Title, StringComparison.OrdinalIgnoreCase);
            Assert.All(
                page.QuerySelectorAll("a[href], form[action], link[href]"),
                element => Assert.DoesNotContain(
                    Canary, element.GetAttribute("href") ?? element.GetAttribute("action"), StringComparison.OrdinalIgnoreCase));
        }

        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase));
    }
}
