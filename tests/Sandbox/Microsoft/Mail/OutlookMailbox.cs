using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>
/// The mail of an account: folders, messages, and what is on its way to Sent Items. Every change is one step with its
/// revision and its notice.
/// </summary>
internal sealed class OutlookMailbox
{
    public const string Inbox = "inbox";
    public const string Sent = "sentitems";
    public const string Drafts = "drafts";
    public const string Deleted = "deleteditems";
    public const string Archive = "archive";
    public const string Junk = "junkemail";

    private static readonly (string WellKnown, string Name)[] Standard =
    [
        (Archive, "Archive"), ("conversationhistory", "Conversation History"), (Deleted, "Deleted Items"),
        (Drafts, "Drafts"), (Inbox, "Inbox"), (Junk, "Junk Email"), ("outbox", "Outbox"), (Sent, "Sent Items"),
    ];

    private readonly OutlookAccount _account;
    private readonly OrderedDictionary<string, OutlookFolder> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutlookMessage> _messages = new(StringComparer.Ordinal);
    private readonly List<(long Revision, string Folder)> _lostFolders = [];
    private readonly List<(DateTimeOffset At, OutlookMessage Message)> _underway = [];

    public OutlookMailbox(OutlookAccount account)
    {
        _account = account;
        Conversations = new Conversations(account.Made.For("conversations"));
        Root = FolderKey();
        foreach ((string wellKnown, string name) in Standard)
        {
            AddFolder(name, Root, wellKnown);
        }
    }

    /// <summary>The folder all others hang on; it is never listed.</summary>
    public string Root { get; }

    public Conversations Conversations { get; }

    public IEnumerable<OutlookFolder> Folders => _folders.Values;

    public IEnumerable<OutlookMessage> Messages => _folders.Values.SelectMany(folder => folder.Messages);

    public IReadOnlyList<(long Revision, string Folder)> LostFolders => _lostFolders;

    public OutlookFolder this[string wellKnown] => _folders.Values.First(folder => folder.WellKnown == wellKnown);

    /// <summary>By id or by well-known name.</summary>
    public OutlookFolder? FindFolder(string? name) => name is null ? null
        : _folders.TryGetValue(name, out OutlookFolder? folder) ? folder
        : _folders.Values.FirstOrDefault(known => name.Equals(known.WellKnown, StringComparison.OrdinalIgnoreCase));

    /// <summary>By either id. Ids that differ in case are different ids.</summary>
    public OutlookMessage? Find(string? name) => name is null ? null : _messages.GetValueOrDefault(name);

    public OutlookFolder AddFolder(string name, string parent, string? wellKnown = null)
    {
        var folder = new OutlookFolder(FolderKey(), wellKnown, name, parent) { Revision = _account.NextRevision() };
        _folders.Add(folder.Key, folder);
        return folder;
    }

    public void ChangeFolder(OutlookFolder folder, string name, string parent)
    {
        (folder.DisplayName, folder.Parent) = (name, parent);
        folder.Revision = _account.NextRevision();
    }

    /// <summary>With everything in it and below it, for good.</summary>
    public void DeleteFolder(OutlookFolder folder)
    {
        foreach (OutlookFolder child in _folders.Values.Where(child => child.Parent == folder.Key).ToArray())
        {
            DeleteFolder(child);
        }

        foreach (OutlookMessage message in folder.Messages.ToArray())
        {
            Erase(message);
        }

        _folders.Remove(folder.Key);
        _lostFolders.Add((_account.NextRevision(), folder.Key));
    }

    /// <summary>Files a message that is read from its bytes when first looked at.</summary>
    public OutlookMessage Add(CorpusMessage mail, OutlookFolder folder, DateTimeOffset receivedAt, bool isRead) =>
        Put(folder, Conversations.For(mail.Envelope), receivedAt, isRead, isDraft: false,
            new Lazy<OutlookLetter>(() => OutlookLetter.Read(mail.Raw)));

    public OutlookMessage AddDraft(OutlookLetter letter, string? conversation) =>
        Put(this[Drafts], conversation ?? Conversations.For(letter), _account.Clock.GetUtcNow(), isRead: true,
            isDraft: true, new Lazy<OutlookLetter>(letter));

    /// <summary>Changes properties of a message where it lies. Names are those of the API.</summary>
    public void Change(OutlookMessage message, Action<OutlookMessage> act, params string[] touched)
    {
        message.Folder.Take(message);
        act(message);
        message.Revision = _account.NextRevision();
        message.ModifiedAt = _account.Clock.GetUtcNow();
        foreach (string name in touched)
        {
            message.Touched[name] = message.Revision;
        }

        message.Folder.Put(message);
        Tell("updated", message, message.Folder);
    }

    public void Move(OutlookMessage message, OutlookFolder to)
    {
        if (message.Folder == to)
        {
            return;
        }

        Leave(message, isMove: true);
        _messages.Remove(message.Key.Rest);
        message.Key = message.Key with { Rest = _account.NewRestKey() };
        Arrive(message, to);
    }

    /// <summary>What a client's DELETE does: to Deleted Items first, and from there for good.</summary>
    public void Delete(OutlookMessage message)
    {
        if (message.Folder.WellKnown == Deleted)
        {
            Erase(message);
            return;
        }

        Move(message, this[Deleted]);
    }

    public void Erase(OutlookMessage message)
    {
        Leave(message, isMove: false);
        _messages.Remove(message.Key.Rest);
        _messages.Remove(message.Key.Immutable);
    }

    /// <summary>The draft leaves Drafts at once; Sent Items shows it when its time has come, under its immutable id.</summary>
    public void Send(OutlookMessage draft)
    {
        DateTimeOffset now = _account.Clock.GetUtcNow();
        Erase(draft);
        draft.IsDraft = false;
        draft.IsRead = true;
        draft.ReceivedAt = now;
        _underway.Add((now + _account.Settings.SentDelay, draft));
        Settle();
    }

    /// <summary>Files what has been on its way long enough.</summary>
    public void Settle()
    {
        DateTimeOffset now = _account.Clock.GetUtcNow();
        foreach ((DateTimeOffset at, OutlookMessage message) in _underway.Where(sent => sent.At <= now).ToArray())
        {
            _underway.Remove((at, message));
            message.Key = message.Key with { Rest = _account.NewRestKey() };
            Arrive(message, this[Sent]);
        }
    }

    private OutlookMessage Put(
        OutlookFolder folder, string conversation, DateTimeOffset receivedAt, bool isRead, bool isDraft,
        Lazy<OutlookLetter> text)
    {
        DateTimeOffset now = _account.Clock.GetUtcNow();
        var message = new OutlookMessage(_account.NewKey(), conversation, receivedAt)
        {
            Text = text,
            Folder = folder,
            IsRead = isRead,
            IsDraft = isDraft,
            CreatedAt = receivedAt < now ? receivedAt : now,
            ModifiedAt = now,
        };
        Arrive(message, folder);
        return message;
    }

    private void Arrive(OutlookMessage message, OutlookFolder folder)
    {
        message.Folder = folder;
        message.Revision = message.ArrivedRevision = _account.NextRevision();
        message.ModifiedAt = _account.Clock.GetUtcNow();
        _messages[message.Key.Rest] = message;
        _messages[message.Key.Immutable] = message;
        folder.Put(message);
        Tell("created", message, folder);
    }

    private void Leave(OutlookMessage message, bool isMove)
    {
        message.Folder.Take(message);
        message.Folder.Lose(new FolderLoss(_account.NextRevision(), message.Key, isMove));
        Tell("deleted", message, message.Folder);
    }

    private void Tell(string changeType, OutlookMessage message, OutlookFolder folder) =>
        _account.Changed(_account, new ItemChange("Message", changeType, message.Key, message.ETag, folder.Key));

    private string FolderKey() => "AQMkADYA" + _account.Made.For($"folder {_folders.Count} {_account.Revision}").Token(36) + "=";
}
