using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>
/// Forgets the personal values the log holds about somebody: values and salts go, leaves and tree stay. Each batch of
/// deletions is written with a leaf that says how many, so that forgetting is on record without saying what.
/// Finds values logged with <see cref="AuditEntry.About"/> only. A crash in between leaves the rest for the next run.
/// </summary>
internal sealed class EraseAuditValues(ITenantStorage storage, TenantKeys keys, TimeProvider time)
{
    // Some room in a batch (Batch.MaximumOperations) is for the leaf and the erasure log.
    private const int BatchSize = 90;

    private readonly AuditTrail trail = new(storage, keys, time);

    /// <summary>How many leaves lost their values. Zero when there was nothing; then nothing is logged.</summary>
    public async ValueTask<long> ExecuteAsync(Actor actor, AuditSubject whose, CancellationToken cancellation)
    {
        var index = new AuditValues(keys).About(whose);
        var erased = 0L;
        while (true)
        {
            var page = await storage.Documents.ListAsync(
                new ListQuery(AuditValues.Kind, AuditValues.AboutIndex, index, Limit: BatchSize), cancellation);
            if (page.Items.Count == 0)
            {
                return erased;
            }

            var entry = new AuditEntry(actor, AuditAct.AuditValuesErased)
            {
                Subjects = [whose],
                Counts = [new("leaves", page.Items.Count)],
            };
            var deletions = ErasureLedger.Compose(time, page.Items.Select(item => item.Document.Key));
            await storage.Documents.CommitAsync(new Batch([.. deletions, .. trail.Compose(entry)]), cancellation);
            erased += page.Items.Count;
        }
    }
}
