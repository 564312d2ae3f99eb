using System.Collections.Immutable;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Outlook;

/// <summary>One message as it is kept. Stands in until the mirror of mail takes items of any provider.</summary>
internal sealed record OutlookMail(
    ConnectionId Connection,
    StreamName Stream,
    string SourceId,
    string ThreadId,
    string MessageId,
    string References,
    Direction Direction,
    Correspondent? Counterpart,
    string Subject,
    DateTimeOffset At,
    ImmutableArray<string> Labels,
    bool Bulk,
    int SizeBytes,
    int Generation) : MirroredItem(Connection, Stream, SourceId, Generation);
