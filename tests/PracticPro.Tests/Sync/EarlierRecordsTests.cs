using System.Collections.Immutable;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

/// <summary>A data folder of a program that knew mailboxes only is gone on with, and nothing is read twice.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class EarlierRecordsTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    private static readonly RecordKind<OldMessage> Message = new(
        "mail-message", 1, Purpose.Records, static message => $"{message.Connection}.{message.GmailId}",
        RecordIndex<OldMessage>.Readable(MailMessage.ByThread, static message => $"{message.Connection}.{message.ThreadId}|{IndexText.Time(message.At)}"),
        RecordIndex<OldMessage>.Readable(MailMessage.ByGeneration, static message => $"{message.Connection}|{message.Generation:D8}|{message.GmailId}"),
        RecordIndex<OldMessage>.Readable(MailMessage.ByCounterpart, static message => message.CounterpartHash is null
            ? null
            : $"{message.CounterpartHash}|{(message.Direction == Direction.Inbound ? "in" : "out")}|{IndexText.Time(message.At)}"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cursor_and_the_messages_of_an_earlier_program_are_taken_over()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 9 });
        await MakeEarlierAsync(premises);
        var (listed, fetched) = (premises.Outside.Asked("/messages$"), premises.Outside.Asked("messages/{id}"));
        var ids = premises.Outside.Dump().Messages.Select(message => message.Id).ToList();
        await premises.Outside.LabelAsync(ids[0], add: ["STARRED"]);
        await premises.Outside.DeleteAsync(ids[1]);
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        Assert.Equal((listed, fetched), (premises.Outside.Asked("/messages$"), premises.Outside.Asked("messages/{id}")));
        Assert.Equal((1, SyncPhase.InStep), ((await premises.CursorAsync()).Generation, (await premises.CursorAsync()).Phase));
        var scope = await premises.ScopeAsync();
        Assert.Null(await scope.FindAsync(SyncKinds.MailCursor, premises.Connection.Text, Cancellation));
    }

    [Fact]
    public async Task A_sweep_meets_the_messages_of_an_earlier_program()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 9 });
        await MakeEarlierAsync(premises);
        await premises.Outside.DeleteAsync(premises.Outside.Dump().Messages[2].Id);
        await premises.Outside.ExpireHistoryAsync();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        Assert.Equal(2, (await premises.CursorAsync()).Generation);
    }

    /// <summary>Puts everything back to what the earlier program had stored.</summary>
    private static async Task MakeEarlierAsync(Premises premises)
    {
        var scope = await premises.ScopeAsync();
        var (id, cursor) = (premises.Connection, await premises.CursorAsync());
        foreach (var part in (await premises.StoredMailAsync()).Chunk(50))
        {
            await scope.CommitAsync([.. part.Select(message => scope.Put(Message, OldMessage.Of(message), Condition.Any))], Cancellation);
        }

        var earlier = new MailCursor(
            id, SyncPhase.InStep, 1, cursor.Point!, null, cursor.Total, cursor.Stored, null, cursor.LookedAt, cursor.CompleteSince, 0);
        var streams = (await StreamsOf.CursorsAsync(scope, id, Cancellation)).Select(static one => one.Value).ToList();
        Assert.IsType<CommitOutcome.Committed>(await scope.CommitAsync(
            [
                scope.Put(SyncKinds.MailCursor, earlier, Condition.Absent),
                scope.Delete(SyncKinds.Roll, id.Text, Condition.Any),
                .. streams.Select(one => scope.Delete(SyncKinds.Cursor, MirrorKey.Of(id, one.Stream), Condition.Any)),
                .. streams.Select(one => scope.Delete(SyncKinds.Coverage, MirrorKey.Of(id, one.Stream), Condition.Any)),
                .. Enumerable.Range(1, (int)streams.Max(static one => one.Sequence)).Select(step => scope.Delete(
                    SyncKinds.Journal, PracticPro.Sync.Streams.Journal.JournalEntry.IdOf(id, step, 0), Condition.Any)),
            ],
            Cancellation));
    }

    private sealed record OldMessage(
        ConnectionId Connection,
        string GmailId,
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
        int Generation,
        string? CounterpartHash)
    {
        public static OldMessage Of(MailMessage message) => new(
            message.Connection, message.SourceId, message.ThreadId, message.MessageId, message.References, message.Direction,
            message.Counterpart, message.Subject, message.At, message.Labels, message.Bulk, message.SizeBytes, message.Generation,
            message.CounterpartHash);
    }
}
