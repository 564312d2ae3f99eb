namespace PracticPro.Durable.Serve;

/// <summary>
/// Which worker holds which partition. Every partition has exactly one holder while anybody is there; shares differ by
/// one at most; a join moves only what the newcomer gets, a leave only what the leaver had.
/// </summary>
internal sealed class LeaseTable<TWorker>(int partitions)
    where TWorker : class
{
    private readonly TWorker?[] holders = new TWorker?[partitions];
    private readonly Dictionary<TWorker, int> shares = [];

    public int Partitions => holders.Length;

    public TWorker? HolderOf(int partition) => holders[partition];

    public int ShareOf(TWorker worker) => shares.GetValueOrDefault(worker);

    /// <summary>The partition of an instance: the same in every process and every version of the program.</summary>
    public int PartitionOf(InstanceId instance)
    {
        // FNV-1a over the characters, which are ASCII.
        var hash = 2_166_136_261u;
        foreach (var symbol in instance.Text)
        {
            hash = unchecked((hash ^ symbol) * 16_777_619u);
        }

        return (int)(hash % (uint)holders.Length);
    }

    public void Join(TWorker worker)
    {
        shares.Add(worker, 0);
        if (shares.Count == 1)
        {
            Array.Fill(holders, worker);
            shares[worker] = holders.Length;
            return;
        }

        for (var wanted = holders.Length / shares.Count; shares[worker] < wanted;)
        {
            var richest = shares.MaxBy(pair => pair.Value).Key;
            Give(Array.IndexOf(holders, richest), worker);
        }
    }

    public void Leave(TWorker worker)
    {
        if (!shares.Remove(worker))
        {
            return;
        }

        for (var partition = 0; partition < holders.Length; partition++)
        {
            if (holders[partition] != worker)
            {
                continue;
            }

            holders[partition] = null;
            if (shares.Count > 0)
            {
                Give(partition, shares.MinBy(pair => pair.Value).Key);
            }
        }
    }

    private void Give(int partition, TWorker worker)
    {
        if (holders[partition] is { } before && shares.TryGetValue(before, out var share))
        {
            shares[before] = share - 1;
        }

        holders[partition] = worker;
        shares[worker]++;
    }
}
