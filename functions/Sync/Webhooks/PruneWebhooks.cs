using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Webhooks;

/// <summary>Deletes notifications whose seven days are over.</summary>
internal static class PruneWebhooks
{
    private const int PageSize = 50;

    /// <param name="until">Those that came before it go.</param>
    public static async Task RunAsync(TenantScope scope, ConnectionId connection, DateTimeOffset until, CancellationToken cancellation)
    {
        while (true)
        {
            var page = await scope.Records.ListAsync(
                SyncKinds.Webhook, KeptWebhook.ByConnection, KeptWebhook.PrefixOf(connection), ListOrder.Ascending, PageSize, null, cancellation);
            var old = page.Items.Where(item => item.Value.ReceivedAt < until).ToList();
            if (old.Count == 0)
            {
                return;
            }

            await scope.CommitAsync([.. old.Select(item => scope.Delete(SyncKinds.Webhook, item.Value.Id, Condition.Any))], cancellation);
        }
    }
}
