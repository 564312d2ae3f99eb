namespace PracticPro.Sandbox.Gmail;

/// <summary>What one history record tells. The wire names are written in <see cref="HistoryJson"/>.</summary>
internal enum HistoryKind
{
    MessageAdded,
    MessageDeleted,
    LabelAdded,
    LabelRemoved,
}

/// <summary>One change to one message. <see cref="Touched"/> is empty unless labels came or went.</summary>
internal sealed record HistoryRecord(
    HistoryId Id, HistoryKind Kind, StoredMessage Message, IReadOnlyList<string> Touched, DateTimeOffset At);

/// <summary>
/// A mailbox's changes in increasing order of id, with gaps between the ids as Gmail leaves them.
/// Records older than a week are forgotten, and everything can be forgotten at once: who asks from before that point
/// is told so and must read the whole mailbox again. Guarded by the mailbox's lock.
/// </summary>
internal sealed class HistoryLog
{
    /// <summary>How long Gmail keeps history "typically"; it promises nothing.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly List<HistoryRecord> _records = [];
    private readonly Seeded _gaps;
    private readonly TimeProvider _clock;

    public HistoryLog(Seeded gaps, TimeProvider clock)
    {
        _gaps = gaps;
        _clock = clock;
        Current = new HistoryId(1_000_000 + (ulong)gaps.Below(9_000_000));
        Oldest = Current;
    }

    /// <summary>The newest id there is.</summary>
    public HistoryId Current { get; private set; }

    /// <summary>The smallest id one may still ask from.</summary>
    public HistoryId Oldest { get; private set; }

    /// <summary>Moves on without a record, for mail that was there before anybody looked.</summary>
    public HistoryId Skip()
    {
        Current = new HistoryId(Current.Value + 1 + (ulong)_gaps.Below(97));
        return Current;
    }

    public HistoryRecord Append(HistoryKind kind, StoredMessage message, IReadOnlyList<string> touched)
    {
        var record = new HistoryRecord(Skip(), kind, message, touched, _clock.GetUtcNow());
        message.History = record.Id;
        _records.Add(record);
        return record;
    }

    /// <summary>The records strictly after that id, or null when the id is too old or was never given out.</summary>
    public IEnumerable<HistoryRecord>? After(HistoryId start)
    {
        ForgetOld();
        return start < Oldest || start > Current ? null : _records.SkipWhile(record => record.Id <= start);
    }

    /// <summary>Forgets all records: every id before the current one becomes invalid.</summary>
    public void Expire()
    {
        _records.Clear();
        Oldest = Current;
    }

    private void ForgetOld()
    {
        DateTimeOffset edge = _clock.GetUtcNow() - Kept;
        int old = _records.FindIndex(record => record.At >= edge);
        old = old < 0 ? _records.Count : old;
        if (old > 0)
        {
            Oldest = _records[old - 1].Id;
            _records.RemoveRange(0, old);
        }
    }
}
