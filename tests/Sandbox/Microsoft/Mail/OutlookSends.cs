using System.Security.Cryptography;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Sandbox.Microsoft.Mail;

/// <summary>One letter that left an account, as it stood at that moment.</summary>
internal sealed record OutlookSend(
    string Mailbox, ItemKey? Key, Rfc822Id Rfc822Id, string Via, DateTimeOffset At, OutlookLetter Letter)
{
    /// <summary>Of the bytes a MIME draft was made of, or of the letter the server writes from the fields.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Letter.Mime(At)));
}

/// <summary>
/// Every letter ever sent, in order, from all accounts: the witness in the question whether something was sent twice.
/// </summary>
internal sealed class OutlookSends
{
    private readonly Lock _gate = new();
    private readonly List<OutlookSend> _sends = [];

    public void Enter(OutlookSend send)
    {
        lock (_gate)
        {
            _sends.Add(send);
        }
    }

    public IReadOnlyList<OutlookSend> All()
    {
        lock (_gate)
        {
            return [.. _sends];
        }
    }

    public int CountOf(Rfc822Id id) => All().Count(send => send.Rfc822Id == id);

    public void Clear()
    {
        lock (_gate)
        {
            _sends.Clear();
        }
    }
}
