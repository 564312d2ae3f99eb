using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Steps;

/// <summary>
/// Follows one page of changes since the pinned history id. The id moves on only after the last page; a crash before
/// that follows the same changes again, to the same end.
/// </summary>
internal static class FollowHistory
{
    public static async Task<Outcome<Done>> RunAsync(StepScope step, SyncOptions options, CancellationToken cancellation)
    {
        var cursor = step.Cursor!.Value;
        var outcome = await step.Mailbox.HistoryAsync(cursor.PinnedHistoryId, cursor.PageToken, cancellation);
        if (outcome.Failure is SyncFailures.ProviderRefused && cursor.PageToken is not null)
        {
            var restart = cursor with { PageToken = null };
            await WriteMail.RunAsync(step.Tenant, MailChanges.None, step.Cursor!, restart, null, cancellation);
            return Done.Value;
        }

        // An id the provider calls malformed will never be good again either.
        if (outcome.Failure is SyncFailures.CursorExpired or SyncFailures.ProviderRefused)
        {
            return await BeginReading.RunAsync(step, cancellation);
        }

        if (!outcome.Try(out var page, out var why))
        {
            return why;
        }

        var read = await ReadAsync(step, page, options, cancellation);
        if (!read.Try(out var changes, out why))
        {
            return why;
        }

        var last = page.NextPageToken is null;
        var next = cursor with
        {
            PageToken = page.NextPageToken,
            PinnedHistoryId = last ? Later(cursor.PinnedHistoryId, page.HistoryId) : cursor.PinnedHistoryId,
            LookedAt = last ? step.Now : cursor.LookedAt,
            CompleteSince = last ? cursor.CompleteSince ?? step.Now : cursor.CompleteSince,
            WatchUntil = PushWentMissing(step, page) ? null : cursor.WatchUntil,
            Failures = 0,
        };
        var entry = changes.Present.IsEmpty && changes.Gone.IsEmpty
            ? null
            : step.Entry(AuditAct.MailSynced).Counting("messages", changes.Present.Length).Counting("gone", changes.Gone.Length);
        await WriteMail.RunAsync(step.Tenant, changes, step.Cursor!, next, entry, cancellation);
        return Done.Value;
    }

    private static async Task<Outcome<MailChanges>> ReadAsync(
        StepScope step, GmailShapes.HistoryList page, SyncOptions options, CancellationToken cancellation)
    {
        var (touched, gone) = HistoryDigest.Of(page.History ?? []);
        var known = await RelabelledAsync(step, touched, cancellation);
        var unknown = touched.Keys.Where(id => !known.Any(message => message.GmailId == id)).ToList();
        var fetched = await FetchEnvelopes.RunAsync(
            step, unknown, step.Cursor!.Value.Generation, options.ParallelReads, cancellation);
        return fetched.Try(out var changes, out var why)
            ? new MailChanges([.. known, .. changes.Present], [.. gone, .. changes.Gone])
            : why;
    }

    /// <summary>Stored messages of which only the labels changed: the change itself says the new ones, nothing is fetched.</summary>
    private static async Task<ImmutableArray<MailMessage>> RelabelledAsync(
        StepScope step, ImmutableDictionary<string, ImmutableArray<string>?> touched, CancellationToken cancellation)
    {
        var relabelled = ImmutableArray.CreateBuilder<MailMessage>();
        foreach (var (id, labels) in touched)
        {
            if (labels is { } now && !now.Contains("DRAFT")
                && await step.Tenant.FindAsync(SyncKinds.Message, MailMessage.IdOf(step.Connection.Id, id), cancellation)
                    is { } stored)
            {
                relabelled.Add(stored.Value with { Labels = now });
            }
        }

        return relabelled.ToImmutable();
    }

    // News that no push told of: the watch may have died. Asking for it again renews one that lives.
    private static bool PushWentMissing(StepScope step, GmailShapes.HistoryList page) =>
        !step.Nudged && step.Cursor!.Value.CompleteSince is not null && page.History is { Count: > 0 };

    // History ids are unsigned 64-bit numbers in text. A provider that answers with an older one must not take us back.
    private static string Later(string known, string answered) =>
        ulong.TryParse(answered, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && (!ulong.TryParse(known, NumberStyles.None, CultureInfo.InvariantCulture, out var from) || to > from)
            ? answered
            : known;
}
