using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Vault;

namespace PracticPro.Sync.Steps;

/// <summary>What one step of keeping a mailbox in step works with.</summary>
/// <param name="Nudged">Something said that there is news; otherwise it is looked at because it is time.</param>
internal sealed record StepScope(
    TenantScope Tenant, Connection Connection, Stored<MailCursor>? Cursor, GmailMailbox Mailbox, bool Nudged, DateTimeOffset Now)
{
    public static readonly Actor Job = new Actor.Job("mail-sync");

    public AuditEntry Entry(AuditAct act) => new AuditEntry(Job, act).On("connection", Connection.Id.Text);
}
