using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams;

/// <summary>
/// Writes what a step understood, in parts that are one atomic write each: the journal's entry with the first part of the
/// page, the cursor and the audit leaf with the last. Writing it twice gives what writing it once gives, so that what a crash
/// cut short is written again from the journal.
/// </summary>
internal static class WriteStep
{
    /// <summary>Cursors written at once.</summary>
    private const int WrittenAtOnce = 90;

    /// <returns>The stream's cursor after it.</returns>
    public static async Task<Stored<StreamCursor>> RunAsync(
        StepScope step, SealedPage page, CancellationToken cancellation)
    {
        var read = page.Read;
        var (taken, advance) = (read.Taken, read.Advance);
        var mirror = step.Source(taken.Before.Stream).Mirror;
        IReadOnlyList<Operation> entry =
            page.Packed is { } packed ? [await SyncJournal.KeepAsync(step.Tenant, taken, packed, cancellation)] : [];
        var strays = Strays(step, read);
        var versions = await new PageWriter(step.Tenant, mirror, taken.Before, cancellation).WriteAsync(
            page.Parts,
            entry,
            strays.IsEmpty ? null : () => FollowAsync(step, strays, cancellation),
            async () => new PartWriter.With(
                await AdvanceAsync(step, read, isStraying: !strays.IsEmpty, cancellation), Leaf(step, taken, advance, mirror)));
        return new Stored<StreamCursor>(read.Next, versions[SyncKinds.Cursor.Key(SyncKinds.Cursor.Id(read.Next))]);
    }

    private static async Task<IReadOnlyList<Operation>> AdvanceAsync(
        StepScope step, PageRead read, bool isStraying, CancellationToken cancellation)
    {
        var (taken, advance) = (read.Taken, read.Advance);
        var doubt = advance.CameUntold(taken) && step.Provider.Channels is not null
            ? await KeepChannels.DoubtAsync(step.Tenant, step.Connection.Id, taken.Before.Stream, step.Now, cancellation)
            : [];
        List<Operation> operations =
        [
            step.Tenant.Put(SyncKinds.Cursor, read.Next, Condition.Is(step.Stored(taken.Before).Version)),
            .. await KeepCoverage.OfStepAsync(step, taken, advance, read.Run, isPromised: doubt.Count > 0, cancellation),
            .. doubt,
        ];
        if (step.Roll is { } roll && Asking(read, isStraying, roll.Value) is { } next && next != roll.Value)
        {
            operations.Add(step.Tenant.Put(SyncKinds.Roll, next, Condition.Is(roll.Version)));
        }

        return operations;
    }

    /// <summary>
    /// Streams that items of the page were found in and that nobody follows: not discovered yet, or no more. They are asked for at
    /// once, and what was found in them is asked about before that is forgotten: they may go without having been read.
    /// </summary>
    public static ImmutableArray<StreamName> Strays(StepScope step, PageRead read) =>
    [
        .. read.Advance.Page.Present.Select(static item => item.Stream)
            .Distinct()
            .Where(stream => stream != read.Next.Stream && !step.Cursors.Any(cursor => cursor.Value.Stream == stream && cursor.Value.IsFollowed)),
    ];

    /// <summary>When all that was found in them is written, and before the page is.</summary>
    private static async Task FollowAsync(StepScope step, ImmutableArray<StreamName> strays, CancellationToken cancellation)
    {
        var changes =
            from stream in strays
            let known = step.Cursors.FirstOrDefault(cursor => cursor.Value.Stream == stream)
            where known?.Value.Phase != SyncPhase.Closing
            select step.Tenant.Put(
                SyncKinds.Cursor,
                StreamProgress.Strayed(known?.Value ?? new StreamCursor(step.Connection.Id, stream)),
                known is null ? Condition.Absent : Condition.Is(known.Version));
        foreach (var some in changes.Chunk(WrittenAtOnce))
        {
            if (await step.Tenant.CommitAsync(some, cancellation) is not CommitOutcome.Committed)
            {
                throw new ConcurrentSyncException();
            }
        }
    }

    // The watch may have died: asking for it again renews one that lives. A stray stream may be a new one.
    private static StreamRoll Asking(PageRead read, bool isStraying, StreamRoll roll) => roll with
    {
        WatchUntil = read.Advance.CameUntold(read.Taken) ? null : roll.WatchUntil,
        DiscoveredAt = isStraying ? null : roll.DiscoveredAt,
    };

    private static AuditEntry? Leaf(StepScope step, JournalStep taken, StreamAdvance advance, IMirror mirror)
    {
        var isMail = mirror.Sort == SyncKinds.Message.Documents.Name;
        var synced = step.Entry(isMail ? AuditAct.MailSynced : AuditAct.ItemsSynced);
        var page = advance.Page;
        var many = isMail ? "messages" : "items";
        return taken.Asked switch
        {
            StreamRequest.Begin when taken.Before.WasBegun =>
                step.Entry(isMail ? AuditAct.MailResynced : AuditAct.ItemsResynced).Counting("total", advance.Next.Total),
            StreamRequest.Begin => synced.Counting("total", advance.Next.Total),
            StreamRequest.Read => synced.Counting(many, page.Present.Length),
            _ when advance.IsEmpty => null,
            _ => synced.Counting(many, page.Present.Length).Counting("gone", page.Gone.Length),
        };
    }
}
