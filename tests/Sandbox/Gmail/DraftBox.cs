using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// The drafts of a mailbox. A draft keeps its id, but every edit replaces its message: the old one is deleted and a
/// new one added, both in the history, and a thread that is not named again is lost.
/// </summary>
internal sealed class DraftBox(Mailbox mailbox)
{
    private readonly Dictionary<DraftId, StoredMessage> _drafts = [];
    private readonly Seeded _ids = mailbox.Made.For("drafts");

    /// <summary>All drafts, the newest message first.</summary>
    public IEnumerable<(DraftId Id, StoredMessage Message)> All =>
        _drafts.OrderByDescending(draft => draft.Value.InternalDate).ThenByDescending(draft => draft.Value.Id.Value)
            .Select(draft => (draft.Key, draft.Value));

    public StoredMessage? Find(DraftId? id) =>
        id is DraftId known && _drafts.TryGetValue(known, out StoredMessage? message) ? message : null;

    public DraftId Create(CorpusMessage mail, ThreadId? asked)
    {
        // Half of Gmail's draft ids are negative: "r-6251…".
        var id = new DraftId(unchecked((long)_ids.Next()));
        _drafts.Add(id, Place(mail, asked));
        return id;
    }

    public StoredMessage Update(DraftId id, CorpusMessage mail, ThreadId? asked)
    {
        mailbox.Delete(_drafts[id]);
        return _drafts[id] = Place(mail, asked);
    }

    /// <summary>Takes the draft and its message away, for sending as well as for discarding.</summary>
    public void Delete(DraftId id)
    {
        _drafts.Remove(id, out StoredMessage? message);
        mailbox.Delete(message!);
    }

    /// <summary>Forgets the draft of a message that was deleted by its message id.</summary>
    public void Forget(StoredMessage message)
    {
        foreach ((DraftId id, StoredMessage _) in All.Where(draft => draft.Message == message).ToArray())
        {
            _drafts.Remove(id);
        }
    }

    private StoredMessage Place(CorpusMessage mail, ThreadId? asked) =>
        mailbox.Add(mail, mailbox.Threading.ForOwn(mail.Envelope, asked), [Labels.Draft]);
}
