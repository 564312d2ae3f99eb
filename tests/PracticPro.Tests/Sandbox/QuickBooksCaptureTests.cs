using System.Text.Json.Nodes;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Tests.Sandbox;

public sealed class QuickBooksCaptureTests
{
    private const string Since = "2026-11-22T09:00:00Z";

    [Fact]
    public async Task What_changed_later_is_told_and_what_did_not_is_not()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddCustomer("Before");
        books.Clock.Advance(TimeSpan.FromSeconds(1));
        books.AddCustomer("After");

        JsonNode answer = await ChangesAsync(books, "Customer,Invoice");

        JsonArray rows = answer[0]!["Customer"]!.AsArray();
        Assert.Equal("After", (string?)Assert.Single(rows)!["DisplayName"]);
        Assert.Equal("{}", answer[1]!.ToJsonString());
    }

    [Fact]
    public async Task A_deleted_entity_is_told_by_its_id_alone()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        BookEntity gone = books.AddCustomer("Gone");
        books.Clock.Advance(TimeSpan.FromSeconds(1));
        books.Company.Delete(gone);

        JsonNode row = (await ChangesAsync(books, "Customer"))[0]!["Customer"]![0]!;

        Assert.Equal(("Deleted", gone.Id), ((string)row["status"]!, (string)row["Id"]!));
        Assert.Null(row["DisplayName"]);
    }

    [Fact]
    public async Task More_than_a_thousand_objects_are_cut_off_and_there_is_no_next_page()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.Clock.Advance(TimeSpan.FromSeconds(1));
        books.Company.Together(() =>
        {
            for (int at = 0; at < 1_010; at++)
            {
                books.AddCustomer($"Number {at}");
            }
        });

        JsonNode answer = await ChangesAsync(books, "Customer");

        Assert.Equal(1_000, answer[0]!["Customer"]!.AsArray().Count);
    }

    [Fact]
    public async Task More_than_thirty_days_back_is_refused()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();

        Assert.Equal(400, (await books.GetAsync("cdc?entities=Customer&changedSince=2026-10-20T00:00:00Z")).Status);
    }

    [Fact]
    public async Task A_change_may_be_seen_late()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        await books.ControlAsync(
            $"companies/{QuickBooksWorld.DefaultRealm}/capture-delay", new JsonObject { ["seconds"] = 60 });
        books.Clock.Advance(TimeSpan.FromSeconds(1));
        books.AddCustomer("Late");

        Assert.Equal("{}", (await ChangesAsync(books, "Customer"))[0]!.ToJsonString());
        books.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single((await ChangesAsync(books, "Customer"))[0]!["Customer"]!.AsArray());
    }

    private static async Task<JsonNode> ChangesAsync(QuickBooksClient books, string entities)
    {
        Reply reply = await books.GetAsync($"cdc?entities={entities}&changedSince={Uri.EscapeDataString(Since)}");
        return reply.Body!["CDCResponse"]![0]!["QueryResponse"]!;
    }
}
