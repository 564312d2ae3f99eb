using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Tests.Sandbox;

public sealed class QuickBooksNoticeTests
{
    [Fact]
    public async Task A_change_is_told_as_a_signed_cloud_event()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using QuickBooksClient books = await ToldAsync(receiver);
        books.AddCustomer("Ada");

        SignedNotice notice = await receiver.NextAsync();

        JsonNode told = Assert.Single(JsonNode.Parse(notice.Body)!.AsArray())!;
        Assert.Equal("qbo.customer.created.v1", (string?)told["type"]);
        Assert.Equal(("1", QuickBooksWorld.DefaultRealm), ((string)told["intuitentityid"]!, (string)told["intuitaccountid"]!));
        Assert.Equal("2026-11-22T09:00:00.000000000Z", (string?)told["time"]);
        Assert.Equal(
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(IntuitScheme.DefaultVerifier), notice.Body)),
            notice.Headers["intuit-signature"]);
    }

    [Fact]
    public async Task One_notification_may_mix_companies()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using QuickBooksClient books = await ToldAsync(receiver);
        Company other = books.Books.Open("9341459999999999", "Another", TimeSpan.Zero);
        await books.ControlAsync("notices/hold");
        books.AddCustomer("Ada");
        other.Create(BookKind.Customer, new JsonObject { ["DisplayName"] = "Bram" });

        await books.ControlAsync("notices/release", new JsonObject { ["together"] = true });

        JsonArray told = JsonNode.Parse((await receiver.NextAsync()).Body)!.AsArray();
        Assert.Equal(
            [QuickBooksWorld.DefaultRealm, "9341459999999999"], told.Select(one => (string)one!["intuitaccountid"]!));
    }

    [Fact]
    public async Task The_older_format_groups_by_company_and_names_what_was_merged_away()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using QuickBooksClient books = await ToldAsync(receiver, "eventNotifications");
        await books.ControlAsync("notices/hold");
        BookEntity away = books.AddCustomer("Ada L.");
        books.Company.Merge(away, books.AddCustomer("Ada Lindqvist"));

        await books.ControlAsync("notices/release", new JsonObject { ["together"] = true });

        SignedNotice notice = await receiver.NextAsync();
        JsonNode company = Assert.Single(JsonNode.Parse(notice.Body)!["eventNotifications"]!.AsArray())!;
        JsonNode merged = company["dataChangeEvent"]!["entities"]!.AsArray()[^1]!;
        Assert.Equal(("Customer", "Merge", away.Id),
            ((string)merged["name"]!, (string)merged["operation"]!, (string)merged["deletedId"]!));
        Assert.Equal("0.1", notice.Headers["intuit-notification-schema-version"]);
    }

    [Fact]
    public async Task A_refused_notification_comes_again_with_the_same_body()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        receiver.Statuses.Enqueue(503);
        await using QuickBooksClient books = await ToldAsync(receiver);
        books.AddCustomer("Ada");

        SignedNotice first = await receiver.NextAsync();
        await books.ControlAsync("notices/drain");
        SignedNotice second = await receiver.NextAsync();

        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task A_refusal_that_is_no_trouble_ends_it()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        receiver.Statuses.Enqueue(401);
        await using QuickBooksClient books = await ToldAsync(receiver);
        books.AddCustomer("Ada");
        await receiver.NextAsync();

        Reply story = await books.ControlAsync("notices/drain");

        Assert.Equal("givenUp", (string?)story.Body![0]!["state"]);
    }

    [Fact]
    public async Task A_notification_may_come_twice()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using QuickBooksClient books = await ToldAsync(receiver, copies: 2);
        books.AddCustomer("Ada");

        Assert.Equal((await receiver.NextAsync()).Body, (await receiver.NextAsync()).Body);
    }

    [Fact]
    public async Task Held_notifications_come_out_in_the_order_asked_for_or_never()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using QuickBooksClient books = await ToldAsync(receiver);
        await books.ControlAsync("notices/hold");
        books.AddCustomer("Lost");
        await books.ControlAsync("notices/lose");
        await books.ControlAsync("notices/hold");
        books.AddCustomer("Second");
        books.AddCustomer("Third");

        await books.ControlAsync("notices/release", new JsonObject { ["together"] = true, ["order"] = "reversed" });

        JsonArray told = JsonNode.Parse((await receiver.NextAsync()).Body)!.AsArray();
        Assert.Equal(["3", "2"], told.Select(one => (string)one!["intuitentityid"]!));
        Assert.False(receiver.HasMore);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("wrongKey")]
    [InlineData("otherBody")]
    public async Task Bad_signatures_are_bad_in_the_way_asked_for(string fault)
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using QuickBooksClient books = await ToldAsync(receiver);
        books.AddCustomer("Ada");
        string good = (await receiver.NextAsync()).Headers["intuit-signature"];

        await books.ControlAsync("notices/again", new JsonObject { ["key"] = "qbo-1", ["signature"] = fault });

        Assert.NotEqual(good, (await receiver.NextAsync()).Headers.GetValueOrDefault("intuit-signature"));
    }

    private static async Task<QuickBooksClient> ToldAsync(
        NoticeReceiver receiver, string format = "cloudEvents", int copies = 1)
    {
        QuickBooksClient books = await QuickBooksClient.StartAsync();
        await books.Sandbox.CallAsync(HttpMethod.Put, "/control/quickbooks/notices", new JsonObject
        {
            ["endpoint"] = receiver.Address.ToString(), ["format"] = format, ["copies"] = copies,
        });
        return books;
    }
}
