using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IDocuments.WalkAsync"/> promises.</summary>
public abstract partial class DocumentsContract
{
    // Names of which one begins like another, and symbols a driver may write otherwise than they are.
    private static readonly string[] KindNames = ["a", "a-b", "ab", "note", "z9"];
    private static readonly string[] WalkedIds =
        ["1", "10", "2", "A", "a", "a b", "a~b", "~", "a.b", "a-b", "a_b", "a:b", "a;b", "{\"}", new('x', 200)];

    [Fact]
    public async Task A_walk_meets_every_document_of_every_kind_once_and_nothing_else()
    {
        var keys = KindNames.SelectMany(kind => WalkedIds.Select(id => DocumentKind.Of(kind).Key(id))).ToList();
        await MustCommitAsync(
            Here,
            [
                .. keys.Select(key => Put(key, Name(key), Condition.Absent)),
                new Operation.Append(new LogName("log"), Bytes("entry")),
                new Operation.Enqueue(new QueueName("queue"), new QueueMessage(Bytes("message"), "once")),
            ]);
        await Open(Here).Leases.AcquireAsync(new LeaseName("lease"), TimeSpan.FromMinutes(1), Cancellation);

        foreach (var limit in new[] { 1, 2, 7, keys.Count, 500 })
        {
            var met = await WalkAsync(Here, limit);

            Assert.Equal(keys.Select(Name).Order(StringComparer.Ordinal), Names(met).Order(StringComparer.Ordinal));
            Assert.All(met, stored => Assert.Equal(Name(stored.Document.Key), Text(stored.Document.Body)));
        }
    }

    [Fact]
    public async Task The_order_of_a_walk_does_not_change_with_its_pages_nor_by_a_restart()
    {
        await MustCommitAsync(Here, [.. KindNames.SelectMany(kind => WalkedIds.Take(4).Select(id =>
            Put(DocumentKind.Of(kind).Key(id), "x", Condition.Absent)))]);
        var first = Names(await WalkAsync(Here, 500));

        await Store.ReopenAsync();

        Assert.Equal(first, Names(await WalkAsync(Here, 3)));
    }

    [Fact]
    public async Task What_was_met_on_a_walk_can_be_put_again_as_it_was()
    {
        await PutDueAsync(Here, ("1", "2027-03 ✓"), ("2", null));

        foreach (var (document, version) in await WalkAsync(Here, 500))
        {
            Assert.Equal(version, (await FindAsync(document.Key))!.Version);
            await MustCommitAsync(Here, new Operation.Put(document with { Body = Bytes("again") }, Condition.Is(version)));
        }

        var listed = Assert.Single(await ListAsync(Here, new ListQuery(Note, "due", "2027-03 ✓")));
        Assert.Equal("1", listed.Document.Key.Id);
        Assert.Equal("again", Text(listed.Document.Body));
        Assert.Equal("again", Text((await FindAsync(Note.Key("2")))!.Document.Body));
    }

    [Fact]
    public async Task The_last_page_of_a_walk_and_only_the_last_has_no_next()
    {
        Assert.Null((await PageOfWalkAsync(null, 2)).Next);
        await PutDueAsync(Here, ("1", "a"), ("2", null), ("3", "c"), ("4", "d"));

        var first = await PageOfWalkAsync(null, 2);
        var second = await PageOfWalkAsync(first.Next, 2);

        Assert.Equal(2, first.Items.Count);
        Assert.NotNull(first.Next);
        Assert.Equal(2, second.Items.Count);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_document_that_is_rewritten_in_the_middle_of_a_walk_is_met_once()
    {
        await PutDueAsync(Here, ("1", "a"), ("2", "b"), ("3", "c"), ("4", "d"));
        var first = await PageOfWalkAsync(null, 2);
        await PutDueAsync(Here, ("1", "y"), ("2", null), ("3", "0"), ("4", null));

        var rest = await PageOfWalkAsync(first.Next, 2);

        Assert.Equal(["1", "2"], Ids(first.Items));
        Assert.Equal(["3", "4"], Ids(rest.Items));
        Assert.Equal("0", rest.Items[0].Document.IndexValues["due"]);
    }

    [Fact]
    public async Task What_comes_and_goes_during_a_walk_does_no_harm_to_what_stays()
    {
        await PutDueAsync(Here, ("b", "1"), ("d", "1"), ("f", "1"), ("h", "1"));
        var first = await PageOfWalkAsync(null, 2);
        await MustCommitAsync(
            Here,
            new Operation.Delete(Note.Key("b"), Condition.Any),
            new Operation.Delete(Note.Key("d"), Condition.Any),
            new Operation.Delete(Note.Key("f"), Condition.Any));
        await PutDueAsync(Here, ("a", "1"), ("c", "1"), ("g", "1"));

        var rest = new List<StoredDocument>();
        for (var next = first.Next; next is not null;)
        {
            var page = await PageOfWalkAsync(next, 1);
            Assert.Empty(Names(page.Items).Intersect(Names(rest)));
            rest.AddRange(page.Items);
            next = page.Next;
        }

        Assert.Equal(["b", "d"], Ids(first.Items));
        Assert.Equal(["g", "h"], Ids(rest));
    }

    [Fact]
    public async Task A_cursor_of_a_walk_survives_being_sent_as_text_and_a_restart()
    {
        var kind = DocumentKind.Of(new string('k', 100));
        await MustCommitAsync(
            Here, Put(kind.Key(new string('x', 199)), "1", Condition.Absent), Put(kind.Key(new string('x', 200)), "2", Condition.Absent));
        var first = await PageOfWalkAsync(null, 1);
        await Store.ReopenAsync();

        Assert.True(Cursor.TryParse(first.Next!.Value.ToString(), out var sent));
        Assert.Equal("2", Text(Assert.Single((await PageOfWalkAsync(sent, 1)).Items).Document.Body));
    }

    [Fact]
    public async Task A_cursor_that_is_not_of_a_walk_is_refused_and_that_of_a_walk_is_no_lists()
    {
        await PutDueAsync(Here, ("1", "aa"), ("2", "ab"));
        var list = new ListQuery(Note, "due", Limit: 1);
        var ofList = (await Open(Here).Documents.ListAsync(list, Cancellation)).Next!.Value;
        var ofWalk = (await PageOfWalkAsync(null, 1)).Next!.Value;

        await Assert.ThrowsAsync<CursorOfAnotherListException>(() => PageOfWalkAsync(ofList, 1));
        await Assert.ThrowsAsync<CursorOfAnotherListException>(() => PageOfWalkAsync(Cursor.At("made up"), 1));
        await Assert.ThrowsAsync<CursorOfAnotherListException>(() => PageOfWalkAsync(Cursor.At("walk/NO KIND/1"), 1));
        await RefusedAsync(list with { After = ofWalk });
    }

    [Fact]
    public async Task A_page_of_a_walk_holds_1_to_500_documents()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PageOfWalkAsync(null, 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PageOfWalkAsync(null, 501));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_walk_never_meets_another_tenants_documents()
    {
        await PutDueAsync(There, ("theirs", "1"), ("same", "1"));
        Assert.Empty(await WalkAsync(Here, 500));

        await PutDueAsync(Here, ("mine", "1"), ("same", "1"), ("also mine", "1"));
        var theirs = await Open(There).Documents.WalkAsync(null, 1, Cancellation);

        Assert.Equal(["also mine", "mine", "same"], Ids(await WalkAsync(Here, 500)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("theirs", Ids((await PageOfWalkAsync(theirs.Next, 500)).Items));
    }

    [Fact]
    public void Whatever_is_changed_between_pages_what_stays_is_met_exactly_once()
    {
        var number = 0;

        Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                seed => StaysAreMetOnce(TenantId.Parse($"walk-{++number}"), new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    private static string Name(DocumentKey key) => $"{key.Kind.Name}/{key.Id}";

    private static List<string> Names(IEnumerable<StoredDocument> documents) =>
        [.. documents.Select(stored => Name(stored.Document.Key))];

    private bool StaysAreMetOnce(TenantId tenant, Random chance) =>
        StaysAreMetOnceAsync(tenant, chance).GetAwaiter().GetResult();

    private async Task<bool> StaysAreMetOnceAsync(TenantId tenant, Random chance)
    {
        var keys = KindNames.SelectMany(kind => WalkedIds.Take(8).Select(id => DocumentKind.Of(kind).Key(id))).ToArray();
        chance.Shuffle(keys);
        var (stay, move) = (keys[..25], keys[25..]);
        await MustCommitAsync(tenant, [.. stay.Concat(move[..8]).Select(key => Put(key, "x", Condition.Any))]);

        var met = new List<StoredDocument>();
        Cursor? after = null;
        do
        {
            var page = await Open(tenant).Documents.WalkAsync(after, chance.Next(1, 6), Cancellation);
            Assert.Empty(Names(page.Items).Intersect(Names(met)));
            met.AddRange(page.Items);
            after = page.Next;
            chance.Shuffle(move);
            await MustCommitAsync(
                tenant,
                Put(stay[chance.Next(stay.Length)], "y", Condition.Any),
                Put(move[0], "z", Condition.Any),
                new Operation.Delete(move[1], Condition.Any));
        }
        while (after is not null);

        var times = Names(met).CountBy(name => name).ToDictionary();
        return stay.All(key => times.GetValueOrDefault(Name(key)) == 1);
    }

    private async Task<Page<StoredDocument>> PageOfWalkAsync(Cursor? after, int limit) =>
        await Open(Here).Documents.WalkAsync(after, limit, Cancellation);

    private async Task<List<StoredDocument>> WalkAsync(TenantId tenant, int limit)
    {
        var all = new List<StoredDocument>();
        Cursor? after = null;
        do
        {
            var page = await Open(tenant).Documents.WalkAsync(after, limit, Cancellation);
            Assert.InRange(page.Items.Count, page.Next is null ? 0 : limit, limit);
            Assert.Empty(Names(page.Items).Intersect(Names(all)));
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
