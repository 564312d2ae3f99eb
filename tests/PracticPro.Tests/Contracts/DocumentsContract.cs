using System.Collections.Immutable;
using System.Text;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IDocuments"/> promises about single documents and batches.</summary>
public abstract partial class DocumentsContract : StoreContract
{
    private static readonly DocumentKind Note = DocumentKind.Of("note", "due", "state");
    private static readonly DocumentKind Plain = DocumentKind.Of("plain");

    [Fact]
    public async Task A_document_is_read_back_as_it_was_put()
    {
        var key = Note.Key("note-1");
        var values = ImmutableDictionary<string, string>.Empty.Add("due", "2027-03-02").Add("state", "open ✓");
        var put = await MustCommitAsync(Here, new Operation.Put(new(key, Bytes("body"), values), Condition.Absent));

        var found = await FindAsync(key);

        Assert.NotNull(found);
        Assert.Equal("body", Text(found.Document.Body));
        Assert.Equal(values.OrderBy(pair => pair.Key), found.Document.IndexValues.OrderBy(pair => pair.Key));
        Assert.Equal(put.Versions[key], found.Version);
    }

    [Fact]
    public async Task An_empty_body_is_a_body()
    {
        await MustCommitAsync(Here, Put(Plain.Key("empty"), string.Empty, Condition.Absent));

        Assert.Equal(0, (await FindAsync(Plain.Key("empty")))!.Document.Body.Length);
    }

    [Fact]
    public async Task What_was_never_put_is_not_found() => Assert.Null(await FindAsync(Plain.Key("nothing")));

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public async Task Many_documents_are_found_at_once_each_in_its_place_and_none_where_there_is_none(int count)
    {
        DocumentKey[] keys = [.. Enumerable.Range(0, count).Select(at => (at % 2 == 0 ? Plain : Note).Key($"m {at}|x"))];
        foreach (var key in keys.Where(static (_, at) => at % 3 != 1))
        {
            await MustCommitAsync(Here, Put(key, key.Id, Condition.Absent));
        }

        await MustCommitAsync(There, Put(keys[1], "another tenant's", Condition.Absent));

        var found = await Open(Here).Documents.FindManyAsync(keys, Cancellation);

        Assert.Equal(
            keys.Select(static (key, at) => at % 3 == 1 ? null : key.Id),
            found.Select(static one => one is null ? null : Text(one.Document.Body)));
        Assert.Equal(await FindAsync(keys[0]) is { } alone ? alone.Version : default, found[0]!.Version);
        Assert.All(found.Zip(keys).Where(static pair => pair.First is not null), static pair => Assert.Equal(pair.Second, pair.First!.Document.Key));
    }

    [Fact]
    public async Task Absent_is_lost_when_the_document_is_there()
    {
        var key = Plain.Key("once");
        await MustCommitAsync(Here, Put(key, "first", Condition.Absent));

        Assert.Equal(new CommitOutcome.Lost(0), await CommitAsync(Here, Put(key, "second", Condition.Absent)));
        Assert.Equal("first", Text((await FindAsync(key))!.Document.Body));
    }

    [Fact]
    public async Task A_version_that_was_replaced_loses()
    {
        var key = Plain.Key("race");
        var first = (await MustCommitAsync(Here, Put(key, "1", Condition.Absent))).Versions[key];
        var second = (await MustCommitAsync(Here, Put(key, "2", Condition.Is(first)))).Versions[key];

        Assert.NotEqual(first, second);
        Assert.Equal(new CommitOutcome.Lost(0), await CommitAsync(Here, Put(key, "3", Condition.Is(first))));
        Assert.Equal(
            new CommitOutcome.Lost(0), await CommitAsync(Here, new Operation.Delete(key, Condition.Is(first))));
        await MustCommitAsync(Here, new Operation.Delete(key, Condition.Is(second)));
    }

    [Fact]
    public async Task A_version_of_a_missing_document_loses()
    {
        var other = (await MustCommitAsync(Here, Put(Plain.Key("a"), "a", Condition.Absent))).Versions[Plain.Key("a")];

        Assert.IsType<CommitOutcome.Lost>(await CommitAsync(Here, Put(Plain.Key("b"), "b", Condition.Is(other))));
    }

    [Fact]
    public async Task A_version_is_not_used_again_after_delete_and_put()
    {
        var key = Plain.Key("phoenix");
        var seen = new HashSet<DocumentVersion>();
        for (var life = 0; life < 4; life++)
        {
            var born = await MustCommitAsync(Here, Put(key, "same bytes", Condition.Absent));
            Assert.True(seen.Add(born.Versions[key]));
            await MustCommitAsync(Here, new Operation.Delete(key, Condition.Any));
            await Store.ReopenAsync();
        }
    }

    [Fact]
    public async Task Without_a_condition_the_last_writer_wins()
    {
        var key = Plain.Key("any");
        await MustCommitAsync(Here, Put(key, "first", Condition.Any));
        await MustCommitAsync(Here, Put(key, "second", Condition.Any));

        Assert.Equal("second", Text((await FindAsync(key))!.Document.Body));
    }

    [Fact]
    public async Task A_deleted_document_is_gone_and_deleting_nothing_is_no_conflict()
    {
        var key = Plain.Key("gone");
        await MustCommitAsync(Here, Put(key, "here", Condition.Absent));
        await MustCommitAsync(Here, new Operation.Delete(key, Condition.Any));
        await MustCommitAsync(Here, new Operation.Delete(key, Condition.Any));

        Assert.Null(await FindAsync(key));
    }

    [Fact]
    public async Task A_batch_is_carried_out_whole()
    {
        var log = new LogName("changes");
        var queue = new QueueName("outbox");
        var done = await MustCommitAsync(
            Here,
            Put(Plain.Key("x"), "x", Condition.Absent),
            new Operation.Append(log, Bytes("leaf 0")),
            new Operation.Append(log, Bytes("leaf 1")),
            new Operation.Enqueue(queue, new QueueMessage(Bytes("x"))));

        Assert.Equal([0, 1], done.LogIndexes);
        Assert.Equal([Plain.Key("x")], done.Versions.Keys);
        Assert.Equal(2, await Open(Here).Logs.CountAsync(log, Cancellation));
        Assert.Equal(1, await Open(Here).Queue.CountAsync(queue, Cancellation));
    }

    [Fact]
    public async Task A_lost_batch_leaves_nothing_behind()
    {
        var log = new LogName("changes");
        var queue = new QueueName("outbox");
        await MustCommitAsync(Here, Put(Plain.Key("taken"), "taken", Condition.Absent));

        var outcome = await CommitAsync(
            Here,
            new Operation.Append(log, Bytes("leaf")),
            new Operation.Enqueue(queue, new QueueMessage(Bytes("x"), "only-once")),
            Put(Plain.Key("new"), "new", Condition.Absent),
            Put(Plain.Key("taken"), "mine", Condition.Absent));

        Assert.Equal(new CommitOutcome.Lost(3), outcome);
        Assert.Null(await FindAsync(Plain.Key("new")));
        Assert.Equal("taken", Text((await FindAsync(Plain.Key("taken")))!.Document.Body));
        Assert.Equal(0, await Open(Here).Logs.CountAsync(log, Cancellation));
        Assert.Equal(0, await Open(Here).Queue.CountAsync(queue, Cancellation));
    }

    [Fact]
    public async Task A_batch_takes_as_many_operations_as_it_may_have()
    {
        var puts = Enumerable.Range(0, Batch.MaximumOperations)
            .Select(at => Put(Plain.Key($"d{at}"), "x", Condition.Absent))
            .ToArray();

        Assert.Equal(puts.Length, (await MustCommitAsync(Here, puts)).Versions.Count);
    }

    [Fact]
    public async Task A_batch_that_names_a_document_twice_is_refused()
    {
        var key = Plain.Key("twice");

        await Assert.ThrowsAsync<ArgumentException>(() =>
            CommitAsync(Here, Put(key, "1", Condition.Any), new Operation.Delete(key, Condition.Any)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("café")]
    [InlineData("tab\tbed")]
    public async Task An_id_that_is_no_id_is_refused(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(Here, Put(Plain.Key(id), "x", Condition.Any)));
        await Assert.ThrowsAsync<ArgumentException>(() => FindAsync(Plain.Key(id)));
    }

    [Fact]
    public async Task Ids_and_index_values_are_taken_up_to_their_limit_and_not_beyond()
    {
        var longest = Note.Key(new string('i', 200));
        var value = ImmutableDictionary<string, string>.Empty.Add("due", new string('v', 300));
        await MustCommitAsync(Here, new Operation.Put(new Document(longest, Bytes("x"), value), Condition.Any));
        var tooLong = value.SetItem("due", new string('v', 299) + "é");

        Assert.NotNull(await FindAsync(longest));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            CommitAsync(Here, Put(Note.Key(new string('i', 201)), "x", Condition.Any)));
        await Assert.ThrowsAsync<TooLargeToStoreException>(() =>
            CommitAsync(Here, new Operation.Put(new Document(Note.Key("k"), Bytes("x"), tooLong), Condition.Any)));
    }

    [Fact]
    public async Task A_value_for_an_undeclared_index_is_refused()
    {
        var values = ImmutableDictionary<string, string>.Empty.Add("other", "x");

        await Assert.ThrowsAsync<ArgumentException>(() =>
            CommitAsync(Here, new Operation.Put(new Document(Note.Key("n"), Bytes("x"), values), Condition.Any)));
    }

    [Fact]
    public async Task A_body_is_taken_up_to_the_limit_and_not_beyond()
    {
        var largest = new byte[StorageLimits.MaximumBodyBytes];
        Array.Fill(largest, (byte)0xA5);
        await MustCommitAsync(Here, new Operation.Put(new Document(Plain.Key("largest"), largest), Condition.Any));

        Assert.True((await FindAsync(Plain.Key("largest")))!.Document.Body.Span.SequenceEqual(largest));
        var refusal = await Assert.ThrowsAsync<TooLargeToStoreException>(() => CommitAsync(
            Here, new Operation.Put(new Document(Plain.Key("over"), new byte[largest.Length + 1]), Condition.Any)));
        Assert.Equal(StorageLimits.MaximumBodyBytes, refusal.LimitBytes);
    }

    [Fact]
    public async Task Two_tenants_with_the_same_keys_never_meet()
    {
        var key = Note.Key("same");
        var values = ImmutableDictionary<string, string>.Empty.Add("due", "same");
        var mine = await MustCommitAsync(Here, new Operation.Put(new(key, Bytes("mine"), values), Condition.Absent));

        Assert.Null(await Open(There).Documents.FindAsync(key, Cancellation));
        Assert.Empty((await Open(There).Documents.ListAsync(new(Note, "due"), Cancellation)).Items);
        Assert.IsType<CommitOutcome.Lost>(await CommitAsync(There, Put(key, "x", Condition.Is(mine.Versions[key]))));
        await MustCommitAsync(There, new Operation.Put(new(key, Bytes("theirs"), values), Condition.Absent));
        await MustCommitAsync(There, new Operation.Delete(key, Condition.Any));
        Assert.Equal("mine", Text((await FindAsync(key))!.Document.Body));
        Assert.Equal(Here, Open(Here).Documents.Tenant);
    }

    [Fact]
    public async Task Of_many_who_create_at_once_exactly_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(who =>
            Task.Run(() => CommitAsync(Here, Put(Plain.Key("crown"), $"{who}", Condition.Absent)))));

        Assert.Single(outcomes.OfType<CommitOutcome.Committed>());
        var winner = Array.FindIndex(outcomes, outcome => outcome is CommitOutcome.Committed);
        Assert.Equal($"{winner}", Text((await FindAsync(Plain.Key("crown")))!.Document.Body));
    }

    [Fact]
    public async Task Counting_by_conditional_writes_loses_no_count()
    {
        var key = Plain.Key("counter");
        await MustCommitAsync(Here, Put(key, "0", Condition.Absent));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CountUpAsync(key, times: 10))));

        Assert.Equal("80", Text((await FindAsync(key))!.Document.Body));
    }

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        var key = Note.Key("kept");
        var values = ImmutableDictionary<string, string>.Empty.Add("due", "d");
        var put = await MustCommitAsync(Here, new Operation.Put(new(key, Bytes("kept"), values), Condition.Absent));
        await Store.ReopenAsync();

        Assert.Equal(put.Versions[key], (await FindAsync(key))!.Version);
        Assert.Single((await Open(Here).Documents.ListAsync(new(Note, "due"), Cancellation)).Items);
        await MustCommitAsync(Here, Put(key, "changed", Condition.Is(put.Versions[key])));
    }

    [Fact]
    public async Task A_caller_who_gave_up_before_writes_nothing()
    {
        var gone = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Open(Here).Documents.CommitAsync(
            new Batch([Put(Plain.Key("late"), "x", Condition.Any)]), gone));
        Assert.Null(await FindAsync(Plain.Key("late")));
    }

    private static Operation.Put Put(DocumentKey key, string body, Condition condition) =>
        new(new Document(key, Bytes(body)), condition);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private async Task<StoredDocument?> FindAsync(DocumentKey key) =>
        await Open(Here).Documents.FindAsync(key, Cancellation);

    private async Task CountUpAsync(DocumentKey key, int times)
    {
        for (var done = 0; done < times;)
        {
            var read = (await FindAsync(key))!;
            var next = int.Parse(Text(read.Document.Body), System.Globalization.CultureInfo.InvariantCulture) + 1;
            var outcome = await CommitAsync(Here, Put(key, $"{next}", Condition.Is(read.Version)));
            done += outcome is CommitOutcome.Committed ? 1 : 0;
        }
    }
}
