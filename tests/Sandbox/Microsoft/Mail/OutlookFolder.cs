namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>One that went from a folder: moved away or deleted for good.</summary>
internal sealed record FolderLoss(long Revision, ItemKey Key, bool IsMove);

/// <summary>A mail folder. Its id never changes, whichever id form is asked for.</summary>
internal sealed class OutlookFolder(string key, string? wellKnown, string displayName, string parent)
{
    private readonly SortedSet<(long Revision, ItemKey Key)> _byRevision =
        new(Comparer<(long Revision, ItemKey Key)>.Create((left, right) => left.Revision.CompareTo(right.Revision)));

    private readonly Dictionary<ItemKey, OutlookMessage> _messages = [];
    private readonly List<FolderLoss> _losses = [];

    public string Key => key;

    /// <summary>"inbox" and the like; the v1.0 API takes it in addresses but does not tell it.</summary>
    public string? WellKnown => wellKnown;

    public string DisplayName { get; set; } = displayName;

    public string Parent { get; set; } = parent;

    public long Revision { get; set; }

    public IReadOnlyCollection<OutlookMessage> Messages => _messages.Values;

    public int Unread => _messages.Values.Count(message => !message.IsRead);

    public IEnumerable<FolderLoss> LossesAfter(long revision) =>
        _losses.Where(loss => loss.Revision > revision);

    /// <summary>Messages changed after one revision and up to another, oldest change first.</summary>
    public IEnumerable<OutlookMessage> ChangedBetween(long after, long upTo) => after >= upTo
        ? []
        : _byRevision.GetViewBetween((after + 1, default), (upTo, default)).Select(entry => _messages[entry.Key]);

    public void Put(OutlookMessage message)
    {
        _messages.Add(message.Key, message);
        _byRevision.Add((message.Revision, message.Key));
    }

    public void Take(OutlookMessage message)
    {
        _messages.Remove(message.Key);
        _byRevision.Remove((message.Revision, message.Key));
    }

    public void Lose(FolderLoss loss) => _losses.Add(loss);
}
