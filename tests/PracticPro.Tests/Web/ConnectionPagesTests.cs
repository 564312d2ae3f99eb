using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using PracticPro.Sandbox.Faults;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Tests.Support;
using PracticPro.Tests.Sync;
using PracticPro.Web;

namespace PracticPro.Tests.Web;

/// <summary>What the pages say about connections.</summary>
public sealed class ConnectionPagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_connection_is_told_on_every_page_with_a_button_that_mends_it()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        premises.Outside.World.Grants.RevokeAccount(Outside.Mailbox);
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        object[] pages =
        [
            await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation),
            await premises.Get<ShowInbox>().RunAsync(premises.Owner, null, null, null, null, Cancellation),
            await premises.Get<ShowAudit>().RunAsync(premises.Owner, null, Cancellation),
        ];
        foreach (var page in pages)
        {
            using var shown = await ShownAsync(premises, page);
            var banner = shown.QuerySelector("[role=alert]")!;
            Assert.Contains("is not connected any more", banner.TextContent, StringComparison.Ordinal);
            Assert.Contains("no longer honours the access", banner.TextContent, StringComparison.Ordinal);
            Assert.NotNull(banner.QuerySelector("form[action='/connections/gmail'] button"));
        }
    }

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task An_empty_box_is_named_and_so_is_what_to_do()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        using var shown = await ShownAsync(premises, await premises.Get<ShowScopes>().RunAsync(
            premises.Owner, new SyncFailures.ScopesDiffer(GmailConnector.Name, [GmailConnector.ComposeScope], []), Cancellation));
        Assert.Equal("Manage drafts and send emails", Assert.Single(shown.QuerySelectorAll("main li")).TextContent);
        Assert.Contains("leave every box ticked", shown.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(shown.QuerySelector("form[action='/connections/gmail'] button"));
    }

    [Fact]
    [Trait("Promise", "CON-1")]
    public async Task A_permission_too_many_is_named_and_so_is_where_to_end_it()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        using var shown = await ShownAsync(premises, await premises.Get<ShowScopes>().RunAsync(
            premises.Owner,
            new SyncFailures.ScopesDiffer(GmailConnector.Name, [], ["https://www.googleapis.com/auth/gmail.modify"]),
            Cancellation));
        Assert.Equal("gmail.modify", Assert.Single(shown.QuerySelectorAll("main li")).TextContent);
        Assert.Equal("https://myaccount.google.com/connections", shown.QuerySelector("main p a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Every_provider_that_is_set_up_can_be_chosen_and_no_other()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider);
        using var shown = await ShownAsync(
            premises, await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation));
        Assert.Equal(
            ["/connections/gmail", "/connections/google-calendar", "/connections/outlook", "/connections/quickbooks", "/connections/turning"],
            shown.QuerySelectorAll(".actions form").Select(form => form.GetAttribute("action")!));
    }

    [Theory]
    [InlineData(true, "took the access back")]
    [InlineData(false, "take it off the list")]
    [Trait("Promise", "CON-3")]
    public async Task A_disconnected_account_says_how_its_access_was_given_back(bool canBeGivenBack, string words)
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await Turning.OpenAsync(provider, canBeGivenBack: canBeGivenBack);
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.SettleAsync();
        using var shown = await ShownAsync(
            premises, await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation));
        Assert.Contains(words, shown.QuerySelector(".cards")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task What_is_proven_read_is_told_with_its_dates_and_as_a_picture()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        using var shown = await ShownAsync(
            premises, await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation));
        var covered = shown.QuerySelector(".covered")!;
        Assert.NotNull(covered.QuerySelector(".strip .proven"));
        Assert.Null(covered.QuerySelector(".strip .hole"));
        Assert.EndsWith("No holes.", covered.QuerySelector("svg[role=img]")!.GetAttribute("aria-label")!, StringComparison.Ordinal);
        Assert.Empty(covered.QuerySelectorAll(".holes li"));
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task A_hole_is_shown_with_what_to_do_until_it_is_closed()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.World.Grants.RevokeAccount(Outside.Mailbox);
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        using (var shown = await ShownAsync(
            premises, await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation)))
        {
            var hole = shown.QuerySelector(".covered .holes li")!;
            Assert.Contains("to now: not proven read", hole.TextContent, StringComparison.Ordinal);
            Assert.Contains("Connect the same account again", hole.TextContent, StringComparison.Ordinal);
            Assert.NotEmpty(hole.QuerySelectorAll("time[datetime]"));
            Assert.NotNull(shown.QuerySelector(".strip .hole"));
            Assert.Contains(
                "Not proven from", shown.QuerySelector("svg[role=img]")!.GetAttribute("aria-label")!, StringComparison.Ordinal);
        }

        (await premises.ConnectAsync()).Expect();
        await premises.SettleAsync();
        using var after = await ShownAsync(
            premises, await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation));
        Assert.Null(after.QuerySelector(".strip .hole"));
        Assert.Contains("Closed:", after.QuerySelector(".covered details .holes li")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_whose_provider_has_trouble_is_not_called_in_step()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.Fail("/history$", FaultKind.Status, "backendError", times: 50);
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        using var page = await ShownAsync(
            premises, await premises.Get<ShowConnections>().RunAsync(premises.Owner, null, null, Cancellation));
        Assert.Equal("Behind", page.QuerySelector(".badge")!.TextContent);
        Assert.Contains("tried again by itself", page.QuerySelector(".banner.look")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<IDocument> ShownAsync(Premises premises, object page)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = premises.Get<IServiceProvider>() };
        context.Response.Body = body;
        await Assert.IsAssignableFrom<IResult>(page).ExecuteAsync(context);
        body.Position = 0;
        return await new HtmlParser().ParseDocumentAsync(body, Cancellation);
    }
}
