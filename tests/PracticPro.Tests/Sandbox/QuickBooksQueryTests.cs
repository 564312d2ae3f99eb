using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Tests.Sandbox;

public sealed class QuickBooksQueryTests
{
    [Fact]
    public async Task A_query_answers_rows_with_what_is_kept_about_each()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddCustomer("Ada Lindqvist");

        Reply reply = await books.QueryAsync("SELECT * FROM Customer");

        var row = QuickBooksClient.Rows(reply, "Customer")[0]!;
        Assert.Equal(("1", "0", "QBO"), ((string)row["Id"]!, (string)row["SyncToken"]!, (string)row["domain"]!));
        Assert.Equal("2026-11-22T01:00:00-08:00", (string?)row["MetaData"]!["LastUpdatedTime"]);
        Assert.Equal((1, 1), ((int)reply.Body!["QueryResponse"]!["startPosition"]!, (int)reply.Body["QueryResponse"]!["maxResults"]!));
        Assert.Equal("2026-11-22T01:00:00.000-08:00", reply.Text("time"));
        Assert.True(reply.Headers.Contains("intuit_tid"));
    }

    [Fact]
    public async Task An_empty_answer_is_an_empty_object()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();

        Reply reply = await books.QueryAsync("SELECT * FROM Invoice");

        Assert.Equal("{}", reply.Body!["QueryResponse"]!.ToJsonString());
    }

    [Theory]
    [InlineData("SELECT * FROM Customer", 1)]
    [InlineData("SELECT * FROM Customer WHERE Active IN (true, false)", 2)]
    [InlineData("SELECT * FROM Customer WHERE Active = false", 1)]
    [InlineData("select * from Customer where DisplayName LIKE '%Lind%'", 1)]
    [InlineData("SELECT * FROM Customer WHERE DisplayName = 'Liam O\\'Dowd' AND Active IN (true,false)", 1)]
    [InlineData("SELECT *\nFROM   Customer\n WHERE Id IN ('1','2','3') ", 1)]
    [InlineData("SELECT * FROM Customer WHERE MetaData.LastUpdatedTime > '2026-11-22T00:59:59-08:00'", 1)]
    [InlineData("SELECT * FROM Customer WHERE MetaData.LastUpdatedTime > '2026-11-22T09:00:00Z'", 0)]
    public async Task Conditions_choose_rows(string query, int expected)
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddCustomer("Ada Lindqvist");
        books.AddCustomer("Liam O'Dowd", active: false);

        Assert.Equal(expected, QuickBooksClient.Rows(await books.QueryAsync(query), "Customer").Count);
    }

    [Theory]
    [InlineData("SELECT * FORM Customer", "4000")]
    [InlineData("SELECT * FROM Customer WHERE Id = '1' OR Id = '2'", "4000")]
    [InlineData("SELECT * FROM Customer JOIN Invoice", "4000")]
    [InlineData("SELECT * FROM Customer WHERE DisplayName = Ada", "4000")]
    [InlineData("SELECT * FROM Customer WHERE DisplayName = 'Ada", "4000")]
    [InlineData("SELECT * FROM Customer GROUP BY Id", "4000")]
    [InlineData("SELECT * FROM Customer MAXRESULTS 10 STARTPOSITION 1", "4000")]
    [InlineData("SELECT * FROM Customer WHERE Colour = 'red'", "4001")]
    [InlineData("SELECT * FROM Treasure", "4001")]
    [InlineData("SELECT * FROM customer", "4001")]
    [InlineData("SELECT * FROM Customer MAXRESULTS 1001", "4001")]
    [InlineData("SELECT * FROM Customer STARTPOSITION 0", "4001")]
    public async Task What_is_no_query_is_refused_by_its_code(string query, string code)
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();

        Reply reply = await books.QueryAsync(query);

        Assert.Equal((400, code), (reply.Status, QuickBooksClient.Code(reply)));
        Assert.Equal("ValidationFault", (string?)reply.Body!["Fault"]!["type"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_in_the_order_of_ids()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        for (int at = 1; at <= 12; at++)
        {
            books.AddCustomer($"Number {at}");
        }

        var first = QuickBooksClient.Rows(await books.QueryAsync("SELECT * FROM Customer ORDERBY Id STARTPOSITION 1 MAXRESULTS 8"), "Customer");
        var second = QuickBooksClient.Rows(await books.QueryAsync("SELECT * FROM Customer ORDERBY Id STARTPOSITION 9 MAXRESULTS 8"), "Customer");

        Assert.Equal(
            Enumerable.Range(1, 12).Select(at => at.ToString(null, null)),
            first.Concat(second).Select(row => (string)row!["Id"]!));
    }

    [Fact]
    public async Task Without_an_order_the_last_changed_comes_first()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        BookEntity first = books.AddCustomer("First");
        books.AddCustomer("Second");
        books.Clock.Advance(TimeSpan.FromMinutes(1));
        books.Company.Edit(first, new() { ["DisplayName"] = "First of all" });

        var rows = QuickBooksClient.Rows(await books.QueryAsync("SELECT * FROM Customer"), "Customer");

        Assert.Equal(["1", "2"], rows.Select(row => (string)row!["Id"]!));
    }

    [Fact]
    public async Task Counting_answers_a_total_and_no_rows()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddCustomer("One");
        books.AddCustomer("Two");

        Reply reply = await books.QueryAsync("SELECT COUNT(*) FROM Customer");

        Assert.Equal("{\"totalCount\":2}", reply.Body!["QueryResponse"]!.ToJsonString());
    }

    [Fact]
    public async Task Chosen_fields_come_alone()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddCustomer("One");

        var row = QuickBooksClient.Rows(await books.QueryAsync("SELECT DisplayName FROM Customer"), "Customer")[0]!;

        Assert.Equal("One", (string?)row["DisplayName"]);
        Assert.Null(row["Active"]);
        Assert.True((bool)row["sparse"]!);
    }
}
