using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>The table <c>inbox</c>. Sequence numbers grow through the whole hub.</summary>
internal sealed class InboxRows
{
    private readonly Statement insert;
    private readonly Statement read;
    private readonly Statement deleteThrough;
    private readonly Statement deleteAll;
    private readonly Statement waiting;
    private long lastSeq;

    public InboxRows(HubFile file)
    {
        insert = file.Make("INSERT INTO inbox (instance, seq, event) VALUES (?1, ?2, ?3)");
        read = file.Make("SELECT seq, event FROM inbox WHERE instance = ?1 ORDER BY seq LIMIT ?2");
        deleteThrough = file.Make("DELETE FROM inbox WHERE instance = ?1 AND seq <= ?2");
        deleteAll = file.Make("DELETE FROM inbox WHERE instance = ?1");
        waiting = file.Make("SELECT instance, min(seq) FROM inbox GROUP BY instance ORDER BY min(seq)");
        using var last = new Statement(file, "SELECT coalesce(max(seq), 0) FROM inbox");
        last.Step();
        lastSeq = last.Long(0);
        last.Reset();
    }

    /// <param name="stored">The event in its stored form.</param>
    public InboxMessage Insert(long instance, HistoryEvent happened, byte[] stored)
    {
        insert.Bind(instance).Bind(++lastSeq).Bind(stored).Run();
        return new InboxMessage(lastSeq, happened, stored.Length);
    }

    /// <summary>The oldest messages of an instance, at most that many.</summary>
    public List<InboxMessage> Load(long instance, int limit)
    {
        List<InboxMessage> messages = [];
        read.Bind(instance).Bind(limit);
        while (read.Step())
        {
            var stored = read.Bytes(1);
            messages.Add(new InboxMessage(read.Long(0), HistoryJson.Parse(stored)[0], stored.Length));
        }

        return messages;
    }

    /// <summary>The oldest message in its stored form; null when none waits.</summary>
    public byte[]? First(long instance)
    {
        var stored = read.Bind(instance).Bind(1).Step() ? read.Bytes(1) : null;
        read.Reset();
        return stored;
    }

    public void DeleteThrough(long instance, long seq) => deleteThrough.Bind(instance).Bind(seq).Run();

    public void DeleteAll(long instance) => deleteAll.Bind(instance).Run();

    /// <summary>Instances with something in their inbox, the longest waiting first.</summary>
    public List<long> Waiting()
    {
        List<long> keys = [];
        while (waiting.Step())
        {
            keys.Add(waiting.Long(0));
        }

        return keys;
    }
}
