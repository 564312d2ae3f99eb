using System.Text.Json.Nodes;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Sync;
using PracticPro.Sync.Books;
using PracticPro.Sync.QuickBooks;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.QuickBooks;

[Trait("Promise", "SYNC-1")]
public sealed class BookSourceTests
{
    [Fact]
    [Trait("Promise", "CARE-4")]
    public async Task After_a_first_reading_the_mirror_agrees_with_the_books()
    {
        await using var books = await MirroredBooks.StartAsync(fill: true);

        await books.KeepInStepAsync();

        books.AssertInStep();
        Assert.NotEmpty(books.Of<Payment>(BookSort.Payments).SelectMany(static payment => payment.For));
        Assert.Contains(books.Of<Customer>(BookSort.Customers), static customer => customer.Address is not null);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task Changes_at_the_source_are_followed_whatever_they_are()
    {
        await using var books = await MirroredBooks.StartAsync(fill: true);
        await books.KeepInStepAsync();
        books.Outside.Clock.Advance(TimeSpan.FromMinutes(30));
        var customers = books.Books.All(BookKind.Customer).ToArray();
        var invoices = books.Books.All(BookKind.Invoice).ToArray();
        books.Books.Edit(customers[0], new JsonObject { ["DisplayName"] = "Ada Renamed" });
        books.Books.Edit(customers[1], new JsonObject { ["Active"] = false });
        books.Books.Merge(customers[2], customers[3]);
        books.Books.Void(invoices[0]);
        books.Books.Delete(invoices[1]);
        books.Books.Delete(books.Books.All(BookKind.Payment).Last());
        books.Outside.AddInvoice(customers[4], 0.10m);

        await books.KeepInStepAsync();

        books.AssertInStep();
        Assert.True(books.Of<Invoice>(BookSort.Invoices).Single(invoice => invoice.SourceId == invoices[0].Id).Voided);
    }

    [Fact]
    public async Task What_changes_while_it_is_read_is_not_missed()
    {
        await using var books = await MirroredBooks.StartAsync();
        Customers(books, 450);

        await books.ReadAsync(BookSort.Customers, page =>
        {
            books.Outside.Clock.Advance(TimeSpan.FromSeconds(1));
            books.Books.Edit(books.Books.Find(BookKind.Customer, "1")!, new JsonObject { ["DisplayName"] = $"Page {page}" });
            books.Outside.AddCustomer($"Came before page {page}");
        });
        await books.FollowAsync(BookSort.Customers);

        books.AssertInStep();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(BookPage.Overlap - 1)]
    [InlineData(BookPage.Overlap)]
    [InlineData(BookPage.Overlap + 1)]
    [InlineData(150)]
    public async Task Rows_that_go_while_it_is_read_take_no_other_row_with_them(int removed)
    {
        await using var books = await MirroredBooks.StartAsync();
        Customers(books, 450);
        var next = 1;

        await books.ReadAsync(BookSort.Customers, page =>
        {
            for (var at = 0; page == 2 && at < removed; at++)
            {
                books.Books.Delete(books.Books.Find(BookKind.Customer, $"{next++}")!);
            }
        });

        var left = books.Books.All(BookKind.Customer).Select(static one => one.Id).ToHashSet();
        Assert.Subset(books.Of<Customer>(BookSort.Customers).Select(static one => one.SourceId).ToHashSet(), left);
    }

    [Fact]
    public async Task A_reading_steps_back_where_all_it_saw_last_is_gone()
    {
        await using var books = await MirroredBooks.StartAsync();
        Customers(books, 300);

        await books.ReadAsync(BookSort.Customers, page =>
        {
            for (var at = BookPage.Size - BookPage.Overlap + 1; page == 2 && at <= BookPage.Size; at++)
            {
                books.Books.Delete(books.Books.Find(BookKind.Customer, $"{at}")!);
            }
        });
        await books.FollowAsync(BookSort.Customers);

        books.AssertInStep();
    }

    [Fact]
    public async Task A_change_that_is_seen_late_is_not_missed()
    {
        await using var books = await MirroredBooks.StartAsync();
        await books.KeepInStepAsync();
        books.Books.CaptureDelay = TimeSpan.FromMinutes(4);
        books.Outside.Clock.Advance(TimeSpan.FromMinutes(1));
        books.Outside.AddCustomer("Late");
        await books.KeepInStepAsync();
        Assert.Empty(books.Of<Customer>(BookSort.Customers));

        books.Outside.Clock.Advance(TimeSpan.FromMinutes(5));
        await books.KeepInStepAsync();

        books.AssertInStep();
    }

    [Fact]
    public async Task More_changes_than_an_answer_can_hold_are_read_anew_and_what_went_is_asked_about()
    {
        await using var books = await MirroredBooks.StartAsync();
        Customers(books, 5);
        await books.KeepInStepAsync();
        books.Outside.Clock.Advance(TimeSpan.FromHours(1));
        books.Books.Delete(books.Books.Find(BookKind.Customer, "3")!);
        Customers(books, 1_200);
        books.Outside.Clock.Advance(TimeSpan.FromMinutes(1));
        var pages = books.PagesRead;

        await books.KeepInStepAsync();
        pages = books.PagesRead - pages;
        await books.KeepInStepAsync();

        books.AssertInStep();
        Assert.Equal(7, pages);
        Assert.Equal(3 + pages, books.PagesRead);
    }

    [Fact]
    public async Task What_lies_longer_back_than_changes_are_remembered_is_read_anew()
    {
        await using var books = await MirroredBooks.StartAsync();
        Customers(books, 5);
        await books.KeepInStepAsync();
        books.Books.Delete(books.Books.Find(BookKind.Customer, "3")!);
        books.Outside.Clock.Advance(TimeSpan.FromDays(45));
        books.Outside.AddCustomer("After a long time");

        await books.KeepInStepAsync();

        books.AssertInStep();
    }

    [Fact]
    public async Task Only_the_books_own_word_deletes()
    {
        await using var books = await MirroredBooks.StartAsync();
        var hidden = books.Outside.AddCustomer("Hidden", active: false);
        await books.KeepInStepAsync();

        var page = (await books.TryAsync(BookSort.Customers, new StreamRequest.Ask([hidden.Id, "999"]))).Expect();

        Assert.Equal([hidden.Id], page.Present.Select(static item => item.SourceId));
        Assert.Equal(["999"], page.Gone);
    }

    [Fact]
    public async Task An_access_token_that_ran_out_is_renewed_once_and_the_call_made_again()
    {
        await using var books = await MirroredBooks.StartAsync(fill: true);
        books.Outside.Books.Grants.ExpireAccess(null);

        await books.KeepInStepAsync();

        books.AssertInStep();
        Assert.Equal(1, books.Tokens.Renewals);
    }

    [Theory]
    [InlineData("ThrottleExceeded", typeof(SyncFailures.RateLimited))]
    [InlineData("ApplicationAuthorizationFailed", typeof(SyncFailures.ScopeMissing))]
    [InlineData("SystemFault", typeof(SyncFailures.ProviderDown))]
    public async Task Trouble_is_told_apart_in_either_casing(string reason, Type expected)
    {
        await using var books = await MirroredBooks.StartAsync();
        books.Outside.Sandbox.World.Faults.Add(
            new FaultMatch("GET", "/query$", null), new FaultAction(FaultKind.Status) { Reason = reason });

        var outcome = await books.TryAsync(BookSort.Invoices, new StreamRequest.Begin());

        Assert.IsType(expected, outcome.Failure);
        if (outcome.Failure is SyncFailures.RateLimited limited)
        {
            Assert.Equal(TimeSpan.FromSeconds(60), limited.Wait);
        }
    }

    [Fact]
    public async Task A_broken_answer_is_a_passing_trouble()
    {
        await using var books = await MirroredBooks.StartAsync();
        books.Outside.Sandbox.World.Faults.Add(new FaultMatch("GET", "/query$", null), new FaultAction(FaultKind.Malformed));

        Assert.IsType<SyncFailures.AnswerMalformed>((await books.TryAsync(BookSort.Invoices, new StreamRequest.Begin())).Failure);
    }

    [Fact]
    [Trait("Promise", "SYNC-2")]
    public async Task Nothing_an_invoice_says_it_is_for_is_kept()
    {
        await using var books = await MirroredBooks.StartAsync(fill: true);
        books.Books.Edit(books.Books.Find(BookKind.Invoice, "1")!, new JsonObject { ["PrivateNote"] = "Talked about her divorce" });

        await books.ReadAsync(BookSort.Invoices);

        var kept = books.AnswersAsText();
        Assert.Contains("TotalAmt", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("divorce", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("session", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("Description", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_answers_always_give_the_same_page()
    {
        await using var books = await MirroredBooks.StartAsync(fill: true);
        await books.ReadAsync(BookSort.Payments);
        var request = new StreamRequest.Read("2026-11-22T09:00:00.000Z", null);
        var source = new BookSource(PracticPro.Sync.Published.ConnectionId.New(TimeProvider.System), BookSort.Payments, books.Company);

        var one = source.Reduce(request, books.Answers!, new Dictionary<string, MirroredItem>()).Expect();
        var other = source.Reduce(request, books.Answers!, new Dictionary<string, MirroredItem>()).Expect();

        Assert.Equal(one.Present, other.Present);
    }

    private static void Customers(MirroredBooks books, int count) => books.Books.Together(() =>
    {
        var first = books.Books.All(BookKind.Customer).Count() + 1;
        for (var at = first; at < first + count; at++)
        {
            books.Outside.AddCustomer($"Customer {at}");
        }
    });
}
