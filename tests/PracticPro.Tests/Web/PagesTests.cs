using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using PracticPro.Approvals;

namespace PracticPro.Tests.Web;

public sealed class PagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Hostile = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)><b>&amp;";

    [Theory]
    [InlineData("/inbox")]
    [InlineData("/inbox?tab=moving")]
    [InlineData("/inbox?tab=closed")]
    [InlineData("/inbox?tab=trouble")]
    [InlineData("/connections")]
    [InlineData("/audit")]
    [InlineData("(an approval)")]
    public async Task A_page_has_one_heading_landmarks_and_a_label_for_each_field(string path)
    {
        var owner = await server.OwnerAsync();
        path = path == "(an approval)" ? $"/approvals/{(await server.ProposeAsync()).Id}" : path;
        var answer = await owner.PageAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        ErrorAnswerTests.AssertHeaders(answer);
        using var page = await ParseAsync(answer);
        AssertSound(page);
        Assert.NotEmpty(page.QuerySelectorAll("nav[aria-label]"));
    }

    [Fact]
    public async Task The_sign_in_page_is_sound_as_well()
    {
        using var page = await ParseAsync(await server.Nobody().PageAsync("/sign-in?then=/audit"));
        AssertSound(page);
        Assert.Equal("/audit", page.QuerySelector("input[name=then]")!.GetAttribute("value"));
    }

    [Fact]
    [Trait("Promise", "NET-2")]
    public async Task What_others_wrote_is_text_and_never_markup()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync($"Re: {Hostile}", $"Hello\n{Hostile}", name: Hostile, because: Hostile);
        foreach (var path in new[] { "/inbox", $"/approvals/{approval.Id}" })
        {
            using var page = await ParseAsync(await owner.PageAsync(path));
            Assert.Empty(page.QuerySelectorAll("script, img, iframe, object, embed, style"));
            Assert.DoesNotContain(page.All, element => element.Attributes.Any(attribute =>
                attribute.Name.StartsWith("on", StringComparison.Ordinal) || attribute.Name == "style"));
            Assert.Contains(Hostile, page.Body!.TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("alert", page.Title, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Promise", "NET-2")]
    public async Task A_note_in_the_address_is_a_word_and_never_a_sentence()
    {
        var owner = await server.OwnerAsync();
        using var page = await ParseAsync(await owner.PageAsync("/inbox?note=Your+account+is+locked,+call+555"));
        Assert.Null(page.QuerySelector(".banner"));
        using var known = await ParseAsync(await owner.PageAsync("/inbox?note=drafts-asked"));
        Assert.NotNull(known.QuerySelector("[role=status]"));
    }

    [Fact]
    public async Task The_page_shows_exactly_what_would_be_sent()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync(text: "Line one\n\n  indented\nEnd");
        using var page = await ParseAsync(await owner.PageAsync($"/approvals/{approval.Id}"));
        Assert.Equal(approval.Mail.Text, page.QuerySelector(".letter")!.TextContent);
        Assert.Equal(
            System.Text.Encoding.ASCII.GetString(approval.Bytes!).ReplaceLineEndings("\n"),
            page.QuerySelector("pre")!.TextContent.ReplaceLineEndings("\n"));
        Assert.Equal(approval.Digest.Hex, page.QuerySelector(".digest")!.TextContent);
        Assert.Equal(6, page.QuerySelectorAll(".gates > li").Length);
    }

    [Fact]
    public async Task Approving_on_the_page_holds_it_and_undo_takes_it_back()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var at = $"/approvals/{approval.Id}";
        var hasty = await owner.FormAsync($"{at}/approve", ("digest", approval.Digest.Hex));
        Assert.Equal(HttpStatusCode.BadRequest, hasty.StatusCode);
        using (var again = await ParseAsync(hasty))
        {
            Assert.NotNull(again.QuerySelector("[role=alert]"));
        }

        var approved = await owner.FormAsync($"{at}/approve", ("digest", approval.Digest.Hex), ("confirmed", "yes"));
        Assert.Equal((HttpStatusCode.SeeOther, $"{at}?note=approved"), (approved.StatusCode, approved.Headers.Location?.ToString()));
        using (var held = await ParseAsync(await owner.PageAsync(at)))
        {
            Assert.NotNull(held.QuerySelector($"form[action='{at}/undo']"));
            Assert.Null(held.QuerySelector($"form[action='{at}/approve']"));
        }

        await owner.FormAsync($"{at}/undo");
        using var undone = await ParseAsync(await owner.PageAsync(at));
        Assert.NotNull(undone.QuerySelector($"form[action='{at}/approve']"));
    }

    [Fact]
    public async Task An_edit_that_is_not_taken_loses_nothing_that_was_typed()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var answer = await owner.FormAsync(
            $"/approvals/{approval.Id}/edit",
            ("digest", approval.Digest.Hex), ("to", "not an address"), ("subject", "My subject"), ("text", "My long text"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var page = await ParseAsync(answer);
        Assert.Equal("My long text", page.QuerySelector("textarea[name=text]")!.TextContent);
        Assert.Equal("My subject", page.QuerySelector("input[name=subject]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task An_edit_on_the_page_makes_a_new_version()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var at = $"/approvals/{approval.Id}";
        var answer = await owner.FormAsync(
            $"{at}/edit",
            ("digest", approval.Digest.Hex), ("to", "ann.canaryann@known.example\r\nbob@known.example"), ("subject", "Re: x"), ("text", "One\r\nTwo"));
        Assert.Equal($"{at}?note=edited", answer.Headers.Location?.ToString());
        using var page = await ParseAsync(await owner.PageAsync(at));
        Assert.Equal("One\nTwo", page.QuerySelector(".letter")!.TextContent);
        Assert.Equal(2, page.QuerySelectorAll(".head .party").Length);
    }

    [Fact]
    public async Task The_edit_form_offers_the_mailboxs_verified_addresses_once_there_is_more_than_one()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        var at = $"/approvals/{approval.Id}";
        using (var alone = await ParseAsync(await owner.PageAsync(at)))
        {
            Assert.Null(alone.QuerySelector("select"));
        }

        await server.VerifyAsync("desk@harbour-clinic.example");
        using var choice = await ParseAsync(await owner.PageAsync(at));
        AssertSound(choice);
        Assert.Equal(
            [("front@harbour-clinic.example", true), ("desk@harbour-clinic.example", false)],
            choice.QuerySelectorAll("select[name=from] option").Select(one => (one.GetAttribute("value")!, one.HasAttribute("selected"))));
        await owner.FormAsync(
            $"{at}/edit",
            ("digest", approval.Digest.Hex), ("from", "desk@harbour-clinic.example"), ("to", "ann.canaryann@known.example"), ("subject", "Re: x"), ("text", "One"));
        using var chosen = await ParseAsync(await owner.PageAsync(at));
        Assert.StartsWith("desk@harbour-clinic.example", chosen.QuerySelector(".head dd")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("desk@harbour-clinic.example", chosen.QuerySelector("select[name=from] option[selected]")!.GetAttribute("value"));
        Assert.DoesNotContain("nor a verified address", chosen.QuerySelector(".gates")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_says_who_and_why()
    {
        var owner = await server.OwnerAsync();
        var approval = await server.ProposeAsync();
        await owner.FormAsync($"/approvals/{approval.Id}/reject", ("digest", approval.Digest.Hex), ("reason", "Wrong tone"));
        using var page = await ParseAsync(await owner.PageAsync($"/approvals/{approval.Id}"));
        Assert.Contains("You rejected it: Wrong tone", page.QuerySelector(".steps")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(ApprovalState.Waiting, approval.State);
    }

    [Fact]
    public async Task The_front_desk_sees_no_button_it_may_not_press()
    {
        var desk = await server.DeskAsync();
        var approval = await server.ProposeAsync();
        using var page = await ParseAsync(await desk.PageAsync($"/approvals/{approval.Id}"));
        Assert.Null(page.QuerySelector("form[action$='/approve'], form[action$='/reject']"));
        Assert.NotNull(page.QuerySelector("form[action$='/edit']"));
        using var connections = await ParseAsync(await desk.PageAsync("/connections"));
        Assert.Null(connections.QuerySelector("form[action$='/disconnect'], form[action='/connections/gmail']"));
    }

    [Fact]
    public async Task Connecting_leads_to_the_provider_by_a_link_and_no_form()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.FormAsync("/connections/gmail");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var page = await ParseAsync(answer);
        Assert.StartsWith(
            "http://127.0.0.1:1/o/oauth2/v2/auth?", page.QuerySelector("main a.primary")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.EndsWith("base-uri 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("form-action 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_of_an_unknown_attempt_is_told_to_start_again()
    {
        var owner = await server.OwnerAsync();
        var answer = await owner.PageAsync("/connect/google/callback?state=made-up&code=made-up");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var page = await ParseAsync(answer);
        Assert.Contains("Start again", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_style_is_kept_for_good_and_its_address_changes_with_it()
    {
        using var page = await ParseAsync(await server.Nobody().PageAsync("/sign-in"));
        var address = page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        Assert.Matches("^/style\\.css\\?v=[0-9a-f]{12}$", address);
        var answer = await server.Nobody().GetAsync(address);
        Assert.Equal("text/css", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    private static void AssertSound(IDocument page)
    {
        Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Single(page.QuerySelectorAll("main"));
        Assert.Single(page.QuerySelectorAll("header"));
        Assert.EndsWith("PracticPro", page.Title, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("script"));
        var fields = page.QuerySelectorAll("input:not([type=hidden]), textarea, select");
        Assert.All(fields, field => Assert.NotNull(page.QuerySelector($"label[for='{field.Id}']")));
        Assert.All(page.QuerySelectorAll("form[method=post]:not([action='/sign-in'])"), form => Assert.NotNull(form.QuerySelector("input[name=csrf]")));
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static async Task<IDocument> ParseAsync(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
