using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Steps;

/// <summary>
/// Begins a complete reading. The provider's history id is pinned before anything is listed: what changes during the
/// reading is followed afterwards from there, so that nothing falls between.
/// </summary>
internal static class BeginReading
{
    public static async Task<Outcome<Done>> RunAsync(StepScope step, CancellationToken cancellation)
    {
        var outcome = await step.Mailbox.ProfileAsync(cancellation);
        if (!outcome.Try(out var profile, out var why))
        {
            return why;
        }

        var before = step.Cursor?.Value;
        var cursor = MailCursor.Fresh(
            step.Connection.Id, (before?.Generation ?? 0) + 1, profile.HistoryId, profile.MessagesTotal, before);
        var condition = step.Cursor is null ? Condition.Absent : Condition.Is(step.Cursor.Version);
        await step.Tenant.CommitAsync(
            step.Entry(before is null ? AuditAct.MailSynced : AuditAct.MailResynced).Counting("total", profile.MessagesTotal),
            [step.Tenant.Put(SyncKinds.Cursor, cursor, condition)],
            cancellation);
        return Done.Value;
    }
}
