namespace PracticPro.Durable.Embedded;

/// <summary>
/// Live instances in memory, least recently used out first, at most <c>capacity</c> and those in a turn.
/// An instance that finds no place is read from disk each time; that is slower and nothing else.
/// </summary>
internal sealed class CellCache(InstanceRows rows, int capacity)
{
    private readonly Dictionary<long, LinkedListNode<InstanceCell>> byKey = [];
    private readonly Dictionary<InstanceId, InstanceCell> byId = [];
    private readonly LinkedList<InstanceCell> byUse = new();

    /// <summary>The instance, from memory or disk, whatever its state; null when there is none.</summary>
    public InstanceCell? Find(long key)
    {
        if (!byKey.TryGetValue(key, out var node))
        {
            return rows.Find(key);
        }

        byUse.Remove(node);
        byUse.AddLast(node);
        return node.Value;
    }

    /// <summary>The instance, from memory or disk, whatever its state; null when there is none.</summary>
    public InstanceCell? Find(InstanceId id) => byId.TryGetValue(id, out var cell) ? cell : rows.Find(id);

    public bool Holds(InstanceCell cell) => byKey.TryGetValue(cell.Key, out var node) && node.Value == cell;

    /// <summary>Keeps it if there is a place.</summary>
    public void Offer(InstanceCell cell)
    {
        if (byKey.Count < capacity)
        {
            Keep(cell);
        }
    }

    /// <summary>Keeps it whether or not there is a place: it goes into a turn.</summary>
    public void Keep(InstanceCell cell)
    {
        if (byKey.ContainsKey(cell.Key))
        {
            return;
        }

        byKey.Add(cell.Key, byUse.AddLast(cell));
        byId.Add(cell.Id, cell);
        Trim();
    }

    public void Drop(InstanceCell cell)
    {
        if (byKey.Remove(cell.Key, out var node))
        {
            byUse.Remove(node);
            byId.Remove(cell.Id);
        }
    }

    /// <summary>Drops the least recently used that are not in a turn, down to the capacity.</summary>
    public void Trim()
    {
        for (var node = byUse.First; node is not null && byKey.Count > capacity;)
        {
            var next = node.Next;
            if (!node.Value.InTurn)
            {
                Drop(node.Value);
            }

            node = next;
        }
    }
}
