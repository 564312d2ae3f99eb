namespace PracticPro.Durable.Embedded;

/// <summary>Instances that wait for a turn, first come first served, each once.</summary>
internal sealed class ReadyTurns
{
    private readonly Queue<long> order = new();
    private readonly HashSet<long> members = [];

    public bool IsEmpty => order.Count == 0;

    public void Add(long key)
    {
        if (members.Add(key))
        {
            order.Enqueue(key);
        }
    }

    public bool TryTake(out long key)
    {
        if (!order.TryDequeue(out key))
        {
            return false;
        }

        members.Remove(key);
        return true;
    }
}
