using PracticPro.Durable;
using PracticPro.Durable.Serve;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>Who holds which partition, as workers come and go.</summary>
public sealed class LeaseTableTests
{
    private const int Partitions = 32;
    private readonly LeaseTable<string> table = new(Partitions);

    private string?[] Holders => [.. Enumerable.Range(0, Partitions).Select(table.HolderOf)];

    [Fact]
    public void While_nobody_is_there_nobody_holds_anything() => Assert.All(Holders, Assert.Null);

    [Fact]
    public void Every_partition_has_one_holder_and_shares_differ_by_one_at_most()
    {
        foreach (var worker in (string[])["a", "b", "c", "d", "e"])
        {
            table.Join(worker);
            var shares = Holders.CountBy(holder => holder!).Select(pair => pair.Value).ToList();

            Assert.All(Holders, Assert.NotNull);
            Assert.InRange(shares.Max() - shares.Min(), 0, 1);
        }
    }

    [Fact]
    public void A_join_moves_only_what_the_newcomer_gets()
    {
        table.Join("a");
        table.Join("b");
        var before = Holders;

        table.Join("c");

        var moved = before.Zip(Holders).Where(pair => pair.First != pair.Second).ToList();
        Assert.Equal(Partitions / 3, moved.Count);
        Assert.All(moved, pair => Assert.Equal("c", pair.Second));
    }

    [Fact]
    public void A_leave_moves_only_what_the_leaver_had()
    {
        table.Join("a");
        table.Join("b");
        table.Join("c");
        var before = Holders;

        table.Leave("b");

        Assert.All(before.Zip(Holders), pair => Assert.Equal(pair.First == "b", pair.First != pair.Second));
        Assert.InRange(table.ShareOf("a"), Partitions / 2, Partitions / 2);
    }

    [Fact]
    public void When_the_last_one_leaves_nobody_holds_anything_and_the_next_gets_all()
    {
        table.Join("a");
        table.Leave("a");
        Assert.All(Holders, Assert.Null);

        table.Join("b");
        Assert.All(Holders, holder => Assert.Equal("b", holder));
    }

    [Fact]
    public void An_instance_keeps_its_partition_for_ever()
    {
        // Fixed numbers: a change of the hash would move instances between versions of the program.
        Assert.Equal(15, table.PartitionOf(InstanceId.Parse("one")));
        Assert.Equal(20, table.PartitionOf(InstanceId.Parse("tenant-1:sync")));
    }

    [Fact]
    public void Ids_spread_over_the_partitions()
    {
        var counts = Enumerable.Range(0, 3_200)
            .Select(number => table.PartitionOf(InstanceId.Parse($"instance-{number}")))
            .CountBy(partition => partition)
            .ToList();

        Assert.Equal(Partitions, counts.Count);
        Assert.All(counts, pair => Assert.InRange(pair.Value, 50, 200));
    }
}
