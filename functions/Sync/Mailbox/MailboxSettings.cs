using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Mailbox;

/// <summary>
/// What a mailbox's owner set up in it, as far as the practice's mail needs it: what the labels are called, and from which
/// addresses is written. One record a connection.
/// </summary>
internal sealed record MailboxSettings(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
    ImmutableArray<MailLabel> Labels,
    ImmutableArray<SendAsAddress> SendAs,
    int Generation = 0) : MirroredItem(Connection, Stream, SourceId, Generation)
{
    public static readonly IMirror Mirror = new RecordMirror<MailboxSettings>(SyncKinds.MailboxSettings);

    /// <summary>Whether the provider lets the address stand in the From field; it would put its own there otherwise.</summary>
    public bool MaySendFrom(EmailAddress address) => SendAs.Any(own => own.IsVerified && own.Address == address);

    public bool Equals(MailboxSettings? other) =>
        other is not null
        && (Connection, Stream, SourceId, Generation) == (other.Connection, other.Stream, other.SourceId, other.Generation)
        && Labels.SequenceEqual(other.Labels)
        && SendAs.SequenceEqual(other.SendAs);

    public override int GetHashCode() => HashCode.Combine(Connection, SourceId, Generation, Labels.Length, SendAs.Length);
}

/// <param name="Key">As messages name it: <c>Label_4</c>, <c>INBOX</c>.</param>
/// <param name="Name">As its owner does; of the provider's own labels the same as the key.</param>
internal sealed record MailLabel(string Key, string Name, bool IsOwn);

/// <param name="IsVerified">The provider has seen that the owner may use it. The account's own address always is.</param>
internal sealed record SendAsAddress(EmailAddress Address, string Name, bool IsVerified, bool IsDefault);
