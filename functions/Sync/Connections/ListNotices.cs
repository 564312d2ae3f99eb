using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Sync.Connections;

/// <summary>What the practice is to be told about its connections, the newest first.</summary>
internal sealed class ListNotices(TenantScopes scopes)
{
    public const int Most = 20;

    public async Task<IReadOnlyList<ConnectionNotice>> RunAsync(TenantId tenant, CancellationToken cancellation) =>
        await RunAsync(await scopes.OpenAsync(tenant, cancellation), cancellation);

    public static async Task<IReadOnlyList<ConnectionNotice>> RunAsync(TenantScope scope, CancellationToken cancellation)
    {
        var page = await scope.Records.ListAsync(
            SyncKinds.Notice, ConnectionNotice.ByTime, "", ListOrder.Descending, Most, null, cancellation);
        return [.. page.Items.Select(static item => item.Value)];
    }
}
