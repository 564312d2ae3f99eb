using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Vault;

namespace PracticPro.Sync.Steps;

/// <summary>What one step of keeping a mailbox in step works with.</summary>
internal sealed record StepScope(
    TenantScope Tenant, Connection Connection, Stored<MailCursor>? Cursor, GmailMailbox Mailbox, DateTimeOffset Now)
{
    public static readonly Actor Job = new Actor.Job("mail-sync");

    public AuditEntry Entry(AuditAct act) => new AuditEntry(Job, act).On("connection", Connection.Id.Text);
}
