using System.Text;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IAppendLog"/> promises.</summary>
public abstract class AppendLogContract : StoreContract
{
    private static readonly LogName Audit = new("audit");

    [Fact]
    public async Task An_empty_log_counts_zero_and_reads_nothing()
    {
        Assert.Equal(0, await Open(Here).Logs.CountAsync(Audit, Cancellation));
        Assert.Empty(await Open(Here).Logs.ReadAsync(Audit, 0, 10, Cancellation));
    }

    [Fact]
    public async Task Entries_keep_their_order_and_their_bytes()
    {
        await MustCommitAsync(Here, Append("a"), Append(string.Empty));
        await MustCommitAsync(Here, Append("c"));

        Assert.Equal(["a", string.Empty, "c"], await ReadAsync(0, 10));
    }

    [Fact]
    public async Task Indexes_go_on_where_the_log_ended()
    {
        var first = await MustCommitAsync(Here, Append("0"), Append("1"));
        var second = await MustCommitAsync(Here, Append("2"));

        Assert.Equal([0, 1], first.LogIndexes);
        Assert.Equal([2], second.LogIndexes);
    }

    [Fact]
    public async Task A_read_begins_at_its_index_and_ends_with_the_log()
    {
        await MustCommitAsync(Here, Append("0"), Append("1"), Append("2"), Append("3"));

        Assert.Equal(["1", "2"], await ReadAsync(1, 2));
        Assert.Equal(["3"], await ReadAsync(3, 10));
        Assert.Empty(await ReadAsync(4, 10));
        Assert.Empty(await ReadAsync(0, 0));
    }

    [Fact]
    public async Task Logs_with_different_names_count_apart()
    {
        var other = new LogName("other");
        var done = await MustCommitAsync(
            Here, Append("a"), new Operation.Append(other, "b"u8.ToArray()), Append("c"));

        Assert.Equal([0, 0, 1], done.LogIndexes);
        Assert.Equal(2, await Open(Here).Logs.CountAsync(Audit, Cancellation));
        Assert.Equal(1, await Open(Here).Logs.CountAsync(other, Cancellation));
    }

    [Fact]
    public async Task Two_tenants_write_two_logs()
    {
        await MustCommitAsync(Here, Append("mine"));
        var theirs = await MustCommitAsync(There, Append("theirs"));

        Assert.Equal([0], theirs.LogIndexes);
        Assert.Equal(["mine"], await ReadAsync(0, 10));
        Assert.Equal(Here, Open(Here).Logs.Tenant);
    }

    [Fact]
    public async Task Appends_at_once_are_contiguous_and_none_is_lost()
    {
        var indexes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(who => Task.Run(() => AppendManyAsync(who, 10))));

        Assert.Equal(Enumerable.Range(0, 160).Select(at => (long)at), indexes.SelectMany(each => each).Order());
        var entries = (await ReadAsync(0, 1000)).ToList();
        for (var who = 0; who < 16; who++)
        {
            // Each writer's entry lies at the index that writer was told.
            Assert.Equal(
                Enumerable.Range(0, 10).Select(at => $"{who}.{at}"),
                indexes[who].Select(at => entries[(int)at]));
        }
    }

    [Fact]
    public async Task A_lost_batch_leaves_no_gap()
    {
        var key = DocumentKind.Of("plain").Key("x");
        Operation put = new Operation.Put(new Document(key, "x"u8.ToArray()), Condition.Absent);
        await MustCommitAsync(Here, put, Append("0"));
        Assert.IsType<CommitOutcome.Lost>(await CommitAsync(Here, Append("lost"), put));
        await MustCommitAsync(Here, Append("1"));

        Assert.Equal(["0", "1"], await ReadAsync(0, 10));
    }

    [Fact]
    public async Task A_log_goes_on_after_a_restart()
    {
        await MustCommitAsync(Here, Append("0"), Append("1"));
        await Store.ReopenAsync();
        var after = await MustCommitAsync(Here, Append("2"));

        Assert.Equal([2], after.LogIndexes);
        Assert.Equal(["0", "1", "2"], await ReadAsync(0, 10));
    }

    private static Operation.Append Append(string entry) => new(Audit, Encoding.UTF8.GetBytes(entry));

    private async Task<IEnumerable<string>> ReadAsync(long from, int count) =>
        (await Open(Here).Logs.ReadAsync(Audit, from, count, Cancellation))
            .Select(entry => Encoding.UTF8.GetString(entry.Span));

    private async Task<List<long>> AppendManyAsync(int who, int times)
    {
        var indexes = new List<long>();
        for (var at = 0; at < times; at++)
        {
            indexes.AddRange((await MustCommitAsync(Here, Append($"{who}.{at}"))).LogIndexes);
        }

        return indexes;
    }
}
