using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Assistant;

/// <summary>Asks for reply suggestions in the newest conversations that wait for the practice. Returns at once.</summary>
internal sealed class RequestDrafts(TenantScopes scopes, IMailSender sender, TimeProvider time)
{
    public const int Most = 50;

    public async Task<Outcome<Done>> RunAsync(
        SignedIn by, ConnectionId connection, int count, CancellationToken cancellation)
    {
        if (count is < 1 or > Most)
        {
            return new AssistantFailures.BadCount();
        }

        var standing = await sender.StandingAsync(by.Tenant, connection, cancellation);
        if (!standing.Try(out var stands, out var why))
        {
            return why;
        }

        if (!stands.Active)
        {
            return new AssistantFailures.MailboxNotActive();
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var instance = DraftReplies.InstanceOf(by.Tenant, connection, time.GetUtcNow());
        await scope.CommitAsync(
            [
                WorkflowOutbox.Start(
                    DraftReplies.Name,
                    instance,
                    new DraftReplies.Input(by.Tenant, connection, count),
                    instance.Text),
            ],
            cancellation);
        return Done.Value;
    }
}
