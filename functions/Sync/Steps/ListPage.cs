using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Steps;

/// <summary>
/// Reads one page of a complete reading. The page token is saved together with the page's last messages: a crash reads
/// this page again, and none before it.
/// </summary>
internal static class ListPage
{
    public static async Task<Outcome<Done>> RunAsync(StepScope step, SyncOptions options, CancellationToken cancellation)
    {
        var cursor = step.Cursor!.Value;
        var listing = await step.Mailbox.ListAsync(cursor.PageToken, options.PageSize, cancellation);
        if (listing.Failure is SyncFailures.ProviderRefused && cursor.PageToken is not null)
        {
            // Page tokens are not for ever. The reading begins again from the top; what was read stays.
            return await RestartAsync(step, cancellation);
        }

        if (!listing.Try(out var page, out var why))
        {
            return why;
        }

        var ids = (page.Messages ?? []).Select(message => message.Id).Distinct().ToList();
        var fetched = await FetchEnvelopes.RunAsync(step, ids, cursor.Generation, options.ParallelReads, cancellation);
        if (!fetched.Try(out var changes, out why))
        {
            return why;
        }

        var next = cursor with
        {
            PageToken = page.NextPageToken,
            Stored = cursor.Stored + changes.Present.Length,
            Phase = page.NextPageToken is null ? AfterListing(cursor) : SyncPhase.Listing,
            Failures = 0,
        };
        var entry = step.Entry(AuditAct.MailSynced).Counting("messages", changes.Present.Length);
        await WriteMail.RunAsync(step.Tenant, changes, step.Cursor!, next, entry, cancellation);
        return Done.Value;
    }

    // The first reading has nothing older to look for.
    private static SyncPhase AfterListing(MailCursor cursor) =>
        cursor.Generation == 1 ? SyncPhase.InStep : SyncPhase.Sweeping;

    private static async Task<Outcome<Done>> RestartAsync(StepScope step, CancellationToken cancellation)
    {
        var next = step.Cursor!.Value with { PageToken = null, Stored = 0 };
        await WriteMail.RunAsync(step.Tenant, MailChanges.None, step.Cursor!, next, null, cancellation);
        return Done.Value;
    }
}
