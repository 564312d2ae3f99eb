using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Outlook;

/// <summary>Opens connected accounts. However often one is opened, its calls come out of one allowance.</summary>
internal sealed class OutlookAccounts(EgressDoor door, CallBudget calls)
{
    /// <param name="priority">How much hurry its calls are in.</param>
    public OutlookAccount Of(ConnectorScope scope, CallPriority priority) =>
        Of(scope.Tenant.Tenant, scope.Connection.Id, scope.Tokens, priority);

    /// <param name="connection">Null while it is not known whose account the grant opens.</param>
    public OutlookAccount Of(TenantId tenant, ConnectionId? connection, IAccessTokens tokens, CallPriority priority) =>
        new(door, tokens, new CallEntrance(calls, ProviderBudgets.Graph, tenant, connection, priority));
}
