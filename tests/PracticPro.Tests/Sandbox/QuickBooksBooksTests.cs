using System.Text.Json.Nodes;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Tests.Sandbox;

public sealed class QuickBooksBooksTests
{
    [Fact]
    public async Task A_payment_settles_the_invoice_and_the_customer()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        BookEntity customer = books.AddCustomer("Ada");
        BookEntity invoice = books.AddInvoice(customer, 100.50m);

        BookEntity payment = books.AddPayment(customer, invoice, 40.25m);

        JsonNode shown = (await books.GetAsync("invoice/" + invoice.Id)).Body!["Invoice"]!;
        Assert.Equal(60.25m, (decimal)shown["Balance"]!);
        Assert.Equal(payment.Id, (string?)shown["LinkedTxn"]![0]!["TxnId"]);
        Assert.Equal("1", (string?)shown["SyncToken"]);
        Assert.Equal(60.25m, customer.Amount("Balance"));
    }

    [Fact]
    public async Task A_voided_invoice_stays_with_nothing_owed()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        BookEntity customer = books.AddCustomer("Ada");
        BookEntity invoice = books.AddInvoice(customer, 100m);
        BookEntity payment = books.AddPayment(customer, invoice, 30m);

        await books.ControlAsync($"companies/{QuickBooksWorld.DefaultRealm}/invoice/{invoice.Id}/void");

        JsonNode shown = (await books.GetAsync("invoice/" + invoice.Id)).Body!["Invoice"]!;
        Assert.Equal(("Voided", 0m, 0m), ((string)shown["PrivateNote"]!, (decimal)shown["TotalAmt"]!, (decimal)shown["Balance"]!));
        Assert.Equal(30m, payment.Amount("UnappliedAmt"));
    }

    [Theory]
    [InlineData("invoice")]
    [InlineData("customer")]
    public async Task A_deleted_entity_is_not_found(string kind)
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddInvoice(books.AddCustomer("Ada"), 10m);

        await books.ControlAsync($"companies/{QuickBooksWorld.DefaultRealm}/{kind}/1/delete");

        Reply reply = await books.GetAsync($"{kind}/1");
        Assert.Equal((400, "610"), (reply.Status, QuickBooksClient.Code(reply)));
    }

    [Fact]
    public async Task A_merged_customer_is_gone_and_its_invoices_belong_to_the_other()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        BookEntity away = books.AddCustomer("Ada L.");
        BookEntity into = books.AddCustomer("Ada Lindqvist");
        BookEntity invoice = books.AddInvoice(away, 10m);

        await books.ControlAsync(
            $"companies/{QuickBooksWorld.DefaultRealm}/customer/{away.Id}/merge", new JsonObject { ["into"] = into.Id });

        Assert.Equal(into.Id, invoice.Reference("CustomerRef"));
        Assert.Equal("610", QuickBooksClient.Code(await books.GetAsync("customer/" + away.Id)));
        Assert.Equal(10m, into.Amount("Balance"));
    }

    [Fact]
    public async Task Without_a_wish_for_json_the_answer_is_xml()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.AddCustomer("Ada & Sons");
        books.Sandbox.Http.DefaultRequestHeaders.Accept.Clear();

        string xml = (string)(await books.GetAsync("customer/1")).Body!;
        string fault = (string)(await books.GetAsync("customer/99")).Body!;

        Assert.Contains("<DisplayName>Ada &amp; Sons</DisplayName>", xml, StringComparison.Ordinal);
        Assert.Contains("xmlns=\"http://schema.intuit.com/finance/v3\"", xml, StringComparison.Ordinal);
        Assert.Contains("<Error code=\"610\"", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_token_is_refused_in_the_lower_casing()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.Clock.Advance(IntuitGrants.AccessLife);

        Reply reply = await books.GetAsync("companyinfo/" + QuickBooksWorld.DefaultRealm);

        Assert.Equal(401, reply.Status);
        Assert.Equal("3200", (string?)reply.Body!["fault"]!["error"]![0]!["code"]);
        Assert.Equal("AUTHENTICATION", (string?)reply.Body["fault"]!["type"]);
        Assert.Contains("invalid_token", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_company_is_forbidden_in_the_lower_casing()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.Books.Open("9341459999999999", "Another", TimeSpan.Zero);

        Reply reply = await books.GetAsync("companyinfo/9341459999999999", "9341459999999999");

        Assert.Equal((403, "3100"), (reply.Status, (string?)reply.Body!["fault"]!["error"]![0]!["code"]));
    }

    [Fact]
    public async Task More_than_the_limit_a_second_is_throttled_in_the_upper_casing_until_the_next()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.Books.Limits.PerSecond = 2;
        await books.QueryAsync("SELECT * FROM Customer");
        await books.QueryAsync("SELECT * FROM Customer");

        Reply reply = await books.QueryAsync("SELECT * FROM Customer");

        Assert.Equal((429, "3001"), (reply.Status, QuickBooksClient.Code(reply)));
        books.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await books.QueryAsync("SELECT * FROM Customer")).Status);
    }

    [Fact]
    public async Task The_months_reads_run_out_and_come_back_with_the_next_month()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();
        books.Books.Limits.PerMonth = 1;
        await books.QueryAsync("SELECT * FROM Customer");

        Assert.Equal(429, (await books.QueryAsync("SELECT * FROM Customer")).Status);
        books.Clock.Advance(TimeSpan.FromDays(9));
        books.SignIn(books.Books.Grants.Give(QuickBooksWorld.DefaultClient, QuickBooksWorld.DefaultRealm).Access);
        Assert.Equal(200, (await books.QueryAsync("SELECT * FROM Customer")).Status);
    }

    [Fact]
    public async Task Writes_work_and_every_try_is_counted()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync();

        Reply made = await books.PostAsync("customer", new JsonObject { ["DisplayName"] = "Ada" });
        Reply stale = await books.PostAsync("customer", new JsonObject { ["Id"] = "1", ["SyncToken"] = "7", ["sparse"] = true });
        Reply changed = await books.PostAsync(
            "customer", new JsonObject { ["Id"] = "1", ["SyncToken"] = "0", ["sparse"] = true, ["Notes"] = "x" });

        Assert.Equal("1", (string?)made.Body!["Customer"]!["Id"]);
        Assert.Equal("5010", QuickBooksClient.Code(stale));
        Assert.Equal(("1", "Ada"), ((string)changed.Body!["Customer"]!["SyncToken"]!, (string)changed.Body["Customer"]!["DisplayName"]!));
        Assert.Equal(3, (int)(await books.Sandbox.CallAsync(HttpMethod.Get, "/control/quickbooks/counts")).Body!["writes"]!);
    }

    [Fact]
    public async Task Reading_counts_no_write()
    {
        await using QuickBooksClient books = await QuickBooksClient.StartAsync(fill: true);
        await books.QueryAsync("SELECT * FROM Invoice");
        await books.GetAsync("cdc?entities=Invoice&changedSince=2026-11-20T00:00:00Z");

        Assert.Equal(0, books.Books.Writes);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_books()
    {
        await using QuickBooksClient one = await QuickBooksClient.StartAsync(fill: true);
        await using QuickBooksClient other = await QuickBooksClient.StartAsync(fill: true);

        Assert.Equal(await DumpAsync(one), await DumpAsync(other));
        Assert.NotEmpty(one.Company.All(BookKind.Payment));
    }

    private static async Task<string> DumpAsync(QuickBooksClient books) => (await books.Sandbox.CallAsync(
        HttpMethod.Get, $"/control/quickbooks/companies/{QuickBooksWorld.DefaultRealm}/dump")).Body!.ToJsonString();
}
