using PracticPro.Sync.Calendars;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Sync;

/// <summary>Every kind of record this room keeps, with its indexes. Index values are states, times and keyed hashes.</summary>
internal static class SyncKinds
{
    public static readonly RecordKind<Connection> Connection = new RecordKind<Connection>(
        "connection", 2, Purpose.Records, static connection => connection.Id.Text,
        RecordIndex<Connection>.Readable(Connections.Connection.ByConnectedAt, static connection => IndexText.Time(connection.ConnectedAt)))
        .Reads(1, Connections.Connection.FromSchema1);

    public static readonly RecordKind<ConnectionNotice> Notice = new(
        "connection-notice", 1, Purpose.Records, static notice => notice.Connection.Text,
        RecordIndex<ConnectionNotice>.Readable(ConnectionNotice.ByTime, static notice => IndexText.Time(notice.At)));

    public static readonly RecordKind<KeptChannel> Channel = new(
        "channel", 1, Purpose.Records, static channel => channel.Id.Text,
        RecordIndex<KeptChannel>.Readable(KeptChannel.ByConnection, static channel => channel.Place));

    public static readonly RecordKind<KeptWebhook> Webhook = new(
        "kept-webhook", 1, Purpose.Records, static webhook => webhook.Id,
        RecordIndex<KeptWebhook>.Readable(KeptWebhook.ByConnection, static webhook => webhook.Place));

    public static readonly RecordKind<Renewal> Renewal = new(
        "connection-renewal", 1, Purpose.Records, static renewal => renewal.Connection.Text);

    public static readonly RecordKind<GrantedTokens> Tokens = new RecordKind<GrantedTokens>(
        "connection-tokens", 2, Purpose.Tokens, static tokens => tokens.Connection.Text).Reads(1, GrantedTokens.FromSchema1);

    public static readonly RecordKind<HeldToken> AccessToken = new(
        "connection-access-token", 1, Purpose.Tokens, static token => token.Connection.Text);

    public static readonly RecordKind<HeldToken> RefreshToken = new(
        "connection-refresh-token", 1, Purpose.Tokens, static token => token.Connection.Text);

    public static readonly RecordKind<ConnectAttempt> Attempt = new RecordKind<ConnectAttempt>(
        "connect-attempt", 2, Purpose.Tokens, static attempt => attempt.StateHash).Reads(1, ConnectAttempt.FromSchema1);

    public static readonly RecordKind<StreamRoll> Roll = new(
        "stream-roll", 1, Purpose.Records, static roll => roll.Connection.Text);

    public static readonly RecordKind<StreamCursor> Cursor = new(
        "stream-cursor", 1, Purpose.Records, static cursor => MirrorKey.Of(cursor.Connection, cursor.Stream),
        RecordIndex<StreamCursor>.Readable(StreamCursor.ByConnection, static cursor => $"{cursor.Connection}|"));

    public static readonly RecordKind<JournalEntry> Journal = new(
        "sync-journal", 1, Purpose.Records, static entry => JournalEntry.IdOf(entry.Connection, entry.Sequence, entry.Part),
        RecordIndex<JournalEntry>.Readable(JournalEntry.ByAge, static entry => $"{entry.Connection}|{IndexText.Time(entry.At)}"));

    public static readonly RecordKind<CoverageLedger> Coverage = new(
        "sync-coverage", 1, Purpose.Records, static ledger => MirrorKey.Of(ledger.Connection, ledger.Stream));

    /// <summary>Of before a connection had streams; nothing writes it any more.</summary>
    public static readonly RecordKind<MailCursor> MailCursor = new(
        "mail-cursor", 1, Purpose.Records, static cursor => cursor.Connection.Text);

    public static readonly RecordKind<MailMessage> Message = new RecordKind<MailMessage>(
        "mail-message", 2, Purpose.Records, static message => MirrorKey.Of(message.Connection, message.SourceId),
        RecordIndex<MailMessage>.Readable(MailMessage.ByThread, static message =>
            $"{MailMessage.ThreadPrefix(message.Connection, message.ThreadId)}{IndexText.Time(message.At)}"),
        RecordIndex<MailMessage>.Readable(MailMessage.ByGeneration, MirrorKey.Place),
        RecordIndex<MailMessage>.Readable(MailMessage.ByCounterpart, static message => message.CounterpartHash is null
            ? null
            : $"{MailMessage.CounterpartPrefix(Month.Of(message.At), message.CounterpartHash)}{IndexText.Time(message.At)}"))
        .Reads(1, MailMessage.FromSchema1);

    public static readonly RecordKind<CalendarEvent> CalendarEvent = RecordMirror<CalendarEvent>.Kind(
        "calendar-event", 1, RecordIndex<CalendarEvent>.Readable(EventMirror.ByStart, EventMirror.StartPlace));

    public static readonly RecordKind<MailboxSettings> MailboxSettings =
        RecordMirror<MailboxSettings>.Kind("mailbox-settings", 1);

    public static readonly RecordKind<MailContact> Contact = new(
        "mail-contact", 1, Purpose.Records, static contact => contact.AddressHash,
        RecordIndex<MailContact>.Readable(MailContact.ByLastContact, static contact => IndexText.Time(contact.LastContactAt)));

    public static readonly RecordKind<MailThread> Thread = new(
        "mail-thread", 1, Purpose.Records, static thread => MailThread.IdOf(thread.Connection, thread.ThreadId),
        RecordIndex<MailThread>.Readable(MailThread.ByWaiting, static thread =>
            $"{MailThread.WaitingPrefix(thread.Waiting, thread.Connection)}{IndexText.Time(thread.LastAt)}"));
}
