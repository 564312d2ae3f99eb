using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Assistant;

/// <summary>The suggestions that were made, the newest first.</summary>
internal sealed class ReadDrafts(TenantScopes scopes)
{
    public async Task<Page<Draft>> ListAsync(TenantId tenant, int limit, Cursor? after, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Records.ListAsync(
            AssistantKinds.Draft, Draft.ByMadeAt, "", ListOrder.Descending, limit, after, cancellation);
        return page.Select(item => item.Value);
    }
}
