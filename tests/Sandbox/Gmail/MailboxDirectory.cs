using PracticPro.Sandbox.PubSub;

namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// All mailboxes by address, in the order they were added. Addresses are compared without regard to case.
/// </summary>
internal sealed class MailboxDirectory(long seed, TimeProvider clock, PushCourier push)
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Mailbox> _mailboxes = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Mailbox> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _mailboxes.Values];
            }
        }
    }

    public IEnumerable<string> Addresses() => All.Select(mailbox => mailbox.Address);

    public Mailbox? Find(string? address)
    {
        lock (_gate)
        {
            return address is not null && _mailboxes.TryGetValue(address, out Mailbox? mailbox) ? mailbox : null;
        }
    }

    /// <summary>The mailbox of that address; an empty one is made when there is none.</summary>
    public Mailbox Open(string address)
    {
        lock (_gate)
        {
            if (!_mailboxes.TryGetValue(address, out Mailbox? mailbox))
            {
                mailbox = new Mailbox(address, seed, clock) { Changed = push.MailboxChanged };
                _mailboxes.Add(address, mailbox);
            }

            return mailbox;
        }
    }

    public bool Remove(string address)
    {
        lock (_gate)
        {
            return _mailboxes.Remove(address);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _mailboxes.Clear();
        }
    }
}
