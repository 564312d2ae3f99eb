using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// One Gmail mailbox: messages, threads, labels, drafts, history, watch. Every change is one step with its history
/// record. Nothing here locks by itself: callers hold <see cref="Gate"/> around a whole request, so that a request
/// sees and leaves a mailbox that is whole.
/// </summary>
internal sealed class Mailbox
{
    private const ulong FirstId = 1_700_000_000_000;
    private const ulong IdStep = 7_919;

    private readonly Dictionary<MessageId, StoredMessage> _messages = [];
    private readonly Dictionary<ThreadId, List<StoredMessage>> _threads = [];
    private readonly SortedSet<StoredMessage> _byDate = new(NewestFirst.Order);
    private readonly Seeded _ids;
    private ulong _filed;

    public Mailbox(string address, long seed, TimeProvider clock)
    {
        Address = address;
        Clock = clock;
        Made = new Seeded(seed, "mailbox " + address.ToLowerInvariant());
        _ids = Made.For("ids");
        History = new HistoryLog(Made.For("history"), clock);
        Threading = new Threading(this);
        Drafts = new DraftBox(this);
    }

    public Lock Gate { get; } = new();

    public string Address { get; }

    public TimeProvider Clock { get; }

    /// <summary>Where everything this mailbox makes up comes from.</summary>
    public Seeded Made { get; }

    public HistoryLog History { get; }

    public Threading Threading { get; }

    public DraftBox Drafts { get; }

    public Watch? Watch { get; set; }

    /// <summary>How long new mail stays out of searches, as Gmail's index may lag. Lists show it at once.</summary>
    public TimeSpan SearchDelay { get; set; }

    /// <summary>Labels the user made: id to name.</summary>
    public SortedDictionary<string, string> UserLabels { get; } = new(StringComparer.Ordinal);

    /// <summary>Other addresses the owner writes from, by address.</summary>
    public Dictionary<string, SendAsAlias> Aliases { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Called after each recorded change, inside the lock: it must be quick and must not call back.</summary>
    public Action<Mailbox, HistoryRecord>? Changed { get; set; }

    public IReadOnlyDictionary<ThreadId, List<StoredMessage>> Threads => _threads;

    public int Count => _messages.Count;

    /// <summary>All messages, newest first.</summary>
    public IEnumerable<StoredMessage> NewestToOldest => _byDate;

    public StoredMessage? Find(MessageId? id) =>
        id is MessageId known && _messages.TryGetValue(known, out StoredMessage? message) ? message : null;

    public bool KnowsLabel(string label) => Labels.System.Contains(label) || UserLabels.ContainsKey(label);

    /// <summary>Files a message that was always there: no history record.</summary>
    public StoredMessage Fill(CorpusMessage mail, ThreadId? thread, long internalDate, IEnumerable<string> labels)
    {
        StoredMessage message = File(mail, thread, internalDate, labels);
        message.History = History.Skip();
        return message;
    }

    /// <summary>Adds a message now.</summary>
    public StoredMessage Add(CorpusMessage mail, ThreadId? thread, IEnumerable<string> labels)
    {
        StoredMessage message = File(mail, thread, Clock.GetUtcNow().ToUnixTimeMilliseconds(), labels);
        Record(HistoryKind.MessageAdded, message, []);
        return message;
    }

    /// <summary>Deletes for good. Moving to the trash is a label.</summary>
    public void Delete(StoredMessage message)
    {
        Unfile(message);
        Record(HistoryKind.MessageDeleted, message, []);
    }

    public void AddLabels(StoredMessage message, IEnumerable<string> labels)
    {
        if (message.Add(labels) is { Count: > 0 } added)
        {
            Record(HistoryKind.LabelAdded, message, added);
        }
    }

    public void RemoveLabels(StoredMessage message, IEnumerable<string> labels)
    {
        if (message.Remove(labels) is { Count: > 0 } removed)
        {
            Record(HistoryKind.LabelRemoved, message, removed);
        }
    }

    private void Record(HistoryKind kind, StoredMessage message, IReadOnlyList<string> touched) =>
        Changed?.Invoke(this, History.Append(kind, message, touched));

    private StoredMessage File(CorpusMessage mail, ThreadId? thread, long internalDate, IEnumerable<string> labels)
    {
        MessageId id = NewId();
        var message = new StoredMessage(id, thread ?? new ThreadId(id.Value), internalDate, mail, labels);
        _messages.Add(id, message);
        _byDate.Add(message);
        if (!_threads.TryGetValue(message.Thread, out List<StoredMessage>? members))
        {
            _threads.Add(message.Thread, members = []);
        }

        members.Add(message);
        Threading.Learn(message);
        return message;
    }

    private void Unfile(StoredMessage message)
    {
        _messages.Remove(message.Id);
        _byDate.Remove(message);
        List<StoredMessage> members = _threads[message.Thread];
        members.Remove(message);
        if (members.Count == 0)
        {
            _threads.Remove(message.Thread);
        }
    }

    /// <summary>
    /// Gmail's ids grow with time, 20 arbitrary bits at the end. Here the front part counts the messages instead, so
    /// that the same seed gives the same ids on any day.
    /// </summary>
    private MessageId NewId()
    {
        _filed++;
        return new MessageId(((FirstId + (_filed * IdStep)) << 20) | (_ids.Next() & 0xFFFFF));
    }

    private sealed class NewestFirst : IComparer<StoredMessage>
    {
        public static readonly NewestFirst Order = new();

        public int Compare(StoredMessage? left, StoredMessage? right)
        {
            int byDate = right!.InternalDate.CompareTo(left!.InternalDate);
            return byDate != 0 ? byDate : right.Id.Value.CompareTo(left.Id.Value);
        }
    }
}
