using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// One message in one mailbox. Its bytes and ids never change; its labels and history id do, under the mailbox's lock.
/// </summary>
internal sealed class StoredMessage
{
    private readonly SortedSet<string> _labels;

    public StoredMessage(
        MessageId id, ThreadId thread, long internalDate, CorpusMessage mail, IEnumerable<string> labels)
    {
        Id = id;
        Thread = thread;
        InternalDate = internalDate;
        Raw = mail.Raw;
        Envelope = mail.Envelope;
        _labels = new SortedSet<string>(labels, StringComparer.Ordinal);
    }

    public MessageId Id { get; }

    public ThreadId Thread { get; }

    /// <summary>Milliseconds since 1970, UTC. What a mailbox sorts by; not the Date field the sender wrote.</summary>
    public long InternalDate { get; }

    public byte[] Raw { get; }

    public Envelope Envelope { get; }

    /// <summary>The last change to this message.</summary>
    public HistoryId History { get; set; }

    public IReadOnlyCollection<string> LabelIds => _labels;

    public bool Has(string label) => _labels.Contains(label);

    public bool IsHidden => Has(Labels.Spam) || Has(Labels.Trash);

    /// <summary>Puts labels on; answers those that were not there before.</summary>
    public IReadOnlyList<string> Add(IEnumerable<string> labels) => [.. labels.Where(_labels.Add)];

    /// <summary>Takes labels off; answers those that were there.</summary>
    public IReadOnlyList<string> Remove(IEnumerable<string> labels) => [.. labels.Where(_labels.Remove)];
}
