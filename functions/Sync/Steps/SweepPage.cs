using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Steps;

/// <summary>
/// After a complete reading: takes messages that were not seen in it and asks the provider about each one. Only its
/// "not found" deletes; not being listed is no evidence, since a listing may be cut short or miss what moves.
/// </summary>
internal static class SweepPage
{
    private const int PageSize = 100;

    public static async Task<Outcome<Done>> RunAsync(StepScope step, SyncOptions options, CancellationToken cancellation)
    {
        var cursor = step.Cursor!.Value;
        var page = await step.Tenant.Records.ListAsync(
            SyncKinds.Message,
            MailMessage.ByGeneration,
            MailMessage.GenerationPrefix(cursor.Connection),
            ListOrder.Ascending,
            PageSize,
            after: null,
            cancellation);

        // Ascending by generation: the unseen ones come first.
        var unseen = page.Items
            .Select(item => item.Value)
            .TakeWhile(message => message.Generation < cursor.Generation)
            .Select(message => message.GmailId)
            .ToList();
        var fetched = await FetchEnvelopes.RunAsync(step, unseen, cursor.Generation, options.ParallelReads, cancellation);
        if (!fetched.Try(out var changes, out var why))
        {
            return why;
        }

        var next = cursor with { Failures = 0, Phase = unseen.Count == 0 ? SyncPhase.InStep : SyncPhase.Sweeping };
        var entry = unseen.Count == 0
            ? null
            : step.Entry(AuditAct.MailSynced).Counting("messages", changes.Present.Length).Counting("gone", changes.Gone.Length);
        await WriteMail.RunAsync(step.Tenant, changes, step.Cursor!, next, entry, cancellation);
        return Done.Value;
    }
}
