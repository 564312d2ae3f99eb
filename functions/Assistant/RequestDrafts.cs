using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Assistant;

/// <summary>Asks for reply suggestions in the conversations that wait longest for the practice. Returns at once.</summary>
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
        var request = time.GetUtcNow().ToUnixTimeMilliseconds();
        await scope.CommitAsync(
            [
                WorkflowOutbox.Start(
                    DraftReplies.Name,
                    DraftReplies.InstanceOf(by.Tenant, connection),
                    new DraftReplies.Input(by.Tenant, connection, count),
                    $"draft.{connection}.{request}"),
            ],
            cancellation);
        return Done.Value;
    }
}
