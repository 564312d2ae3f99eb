using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Tasks;

/// <summary>Reads the practice's own list.</summary>
internal sealed class ReadTasks(TenantScopes scopes)
{
    /// <summary>Those in one state, the newest first.</summary>
    public async Task<Page<PracticeTask>> ListAsync(
        TenantId tenant, TaskState state, int limit, Cursor? after, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Records.ListAsync(
            TaskKinds.Task, PracticeTask.ByState, $"{IndexText.State(state)}|", ListOrder.Descending, limit, after, cancellation);
        return page.Select(item => item.Value);
    }
}
