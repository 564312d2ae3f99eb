using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IDocuments.ListAsync"/> promises.</summary>
public abstract partial class DocumentsContract
{
    private static readonly string[] Words =
        ["", "a", "aa", "ab", "b", "B", "é", "z", "\uFF5E", "😀", "a\0b", "2027-03-01", "a_", "a%"];

    [Fact]
    public async Task A_list_holds_only_documents_with_a_value_and_the_prefix()
    {
        await PutDueAsync(Here, ("1", "2027-03"), ("2", "2027-04"), ("3", "2028-01"), ("4", null));

        Assert.Equal(["1", "2", "3"], Ids(await ListAsync(Here, new ListQuery(Note, "due"))));
        Assert.Equal(["1", "2"], Ids(await ListAsync(Here, new ListQuery(Note, "due", "2027-"))));
        Assert.Empty(await ListAsync(Here, new ListQuery(Note, "state")));
        Assert.Empty(await ListAsync(Here, new ListQuery(DocumentKind.Of("other", "due"), "due")));
    }

    [Fact]
    public async Task Wildcards_in_a_prefix_are_plain_characters()
    {
        await PutDueAsync(Here, ("1", "a%"), ("2", "ab"), ("3", "a_"));

        Assert.Equal(["1"], Ids(await ListAsync(Here, new ListQuery(Note, "due", "a%"))));
        Assert.Equal(["3"], Ids(await ListAsync(Here, new ListQuery(Note, "due", "a_"))));
    }

    [Fact]
    public async Task A_changed_value_moves_the_document_and_a_dropped_one_removes_it()
    {
        await PutDueAsync(Here, ("1", "a"), ("2", "b"));
        await PutDueAsync(Here, ("1", "c"));
        Assert.Equal(["2", "1"], Ids(await ListAsync(Here, new ListQuery(Note, "due"))));

        await PutDueAsync(Here, ("2", null));
        await MustCommitAsync(Here, new Operation.Delete(Note.Key("1"), Condition.Any));
        Assert.Empty(await ListAsync(Here, new ListQuery(Note, "due")));
    }

    [Fact]
    public async Task The_last_page_and_only_the_last_has_no_next()
    {
        await PutDueAsync(Here, ("1", "a"), ("2", "b"), ("3", "c"), ("4", "d"));
        var query = new ListQuery(Note, "due", Limit: 2);

        var first = await Open(Here).Documents.ListAsync(query, Cancellation);
        var second = await Open(Here).Documents.ListAsync(query with { After = first.Next }, Cancellation);

        Assert.NotNull(first.Next);
        Assert.Equal(2, second.Items.Count);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_cursor_survives_being_sent_as_text_and_a_restart()
    {
        await PutDueAsync(Here, ("1", new string('é', 150)), (new string('x', 200), new string('é', 150)));
        var query = new ListQuery(Note, "due", Order: ListOrder.Descending, Limit: 1);
        var first = await Open(Here).Documents.ListAsync(query, Cancellation);
        await Store.ReopenAsync();

        Assert.True(Cursor.TryParse(first.Next!.Value.ToString(), out var sent));
        var second = await Open(Here).Documents.ListAsync(query with { After = sent }, Cancellation);
        Assert.Equal(["1"], Ids(second.Items));
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        await PutDueAsync(Here, ("1", "aa"), ("2", "ab"));
        var query = new ListQuery(Note, "due", "a", Limit: 1);
        var next = (await Open(Here).Documents.ListAsync(query, Cancellation)).Next;
        var here = query with { After = next };

        await RefusedAsync(here with { Index = "state" });
        await RefusedAsync(here with { Prefix = string.Empty });
        await RefusedAsync(here with { Order = ListOrder.Descending });
        await RefusedAsync(here with { Kind = DocumentKind.Of("other", "due") });
        await RefusedAsync(here with { After = Cursor.At("made up") });
        Assert.Single((await Open(Here).Documents.ListAsync(here with { Limit = 5 }, Cancellation)).Items);
    }

    [Fact]
    public async Task An_undeclared_index_or_a_limit_out_of_range_is_refused()
    {
        await RefusedAsync(new ListQuery(Note, "undeclared"));
        await RefusedAsync(new ListQuery(Note, "due", Limit: 0));
        await RefusedAsync(new ListQuery(Note, "due", Limit: 501));
    }

    [Fact]
    public async Task What_does_not_change_between_pages_is_seen_exactly_once()
    {
        await PutDueAsync(Here, ("1", "a"), ("2", "b"), ("3", "c"), ("4", "d"));
        var query = new ListQuery(Note, "due", Limit: 2);
        var first = await Open(Here).Documents.ListAsync(query, Cancellation);
        await MustCommitAsync(Here, new Operation.Delete(Note.Key("2"), Condition.Any));
        await PutDueAsync(Here, ("0", "0"), ("5", "cc"));

        var rest = await ListAsync(Here, query with { After = first.Next });

        Assert.Equal(["1", "2"], Ids(first.Items));
        Assert.Equal(["3", "5", "4"], Ids(rest));
    }

    [Fact]
    public void Any_page_size_gives_the_same_whole_list()
    {
        var cases = Gen.Elements(Words).ListOf().ToArbitrary();
        var number = 0;

        Prop.ForAll(cases, values => PagesAgree(TenantId.Parse($"law-{++number}"), [.. values]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    private static IEnumerable<string> Ids(IEnumerable<StoredDocument> documents) =>
        documents.Select(stored => stored.Document.Key.Id);

    // FsCheck's laws are synchronous: the store's answers are waited for here.
    private bool PagesAgree(TenantId tenant, string[] values) =>
        PagesAgreeAsync(tenant, values).GetAwaiter().GetResult();

    private async Task<bool> PagesAgreeAsync(TenantId tenant, string[] values)
    {
        var documents = values
            .Select((value, at) => (Id: $"{at:x}-{values.Length - at}", Value: (string?)value))
            .ToArray();
        foreach (var some in documents.Chunk(50))
        {
            await PutDueAsync(tenant, some);
        }

        foreach (var (prefix, order, limit) in
            from prefix in new[] { string.Empty, "a" }
            from order in Enum.GetValues<ListOrder>()
            from limit in new[] { 1, 2, 3, 7, 500 }
            select (prefix, order, limit))
        {
            var expected = documents
                .Where(document => document.Value!.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(
                    document => Convert.ToHexString(StorageLimits.Utf8.GetBytes(document.Value!)),
                    StringComparer.Ordinal)
                .ThenBy(document => document.Id, StringComparer.Ordinal)
                .Select(document => document.Id);
            var wanted = order == ListOrder.Ascending ? expected : expected.Reverse();
            Assert.Equal(wanted, Ids(await ListAsync(tenant, new ListQuery(Note, "due", prefix, order, limit))));
        }

        return true;
    }

    private async Task<List<StoredDocument>> ListAsync(TenantId tenant, ListQuery query)
    {
        var all = new List<StoredDocument>();
        do
        {
            var page = await Open(tenant).Documents.ListAsync(query, Cancellation);
            Assert.InRange(page.Items.Count, page.Next is null ? 0 : query.Limit, query.Limit);
            all.AddRange(page.Items);
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return all;
    }

    private async Task RefusedAsync(ListQuery query) => await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
        await Open(Here).Documents.ListAsync(query, Cancellation));

    private async Task PutDueAsync(TenantId tenant, params (string Id, string? Due)[] documents)
    {
        if (documents.Length == 0)
        {
            return;
        }

        await MustCommitAsync(tenant, [.. documents.Select(document => new Operation.Put(
            new Document(
                Note.Key(document.Id),
                Bytes("x"),
                document.Due is { } due
                    ? ImmutableDictionary<string, string>.Empty.Add("due", due)
                    : ImmutableDictionary<string, string>.Empty),
            Condition.Any))]);
    }
}
