using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Gmail;

/// <summary>Opens connected mailboxes. However often one is opened, its calls come out of one allowance.</summary>
internal sealed class GmailMailboxes(
    EgressDoor door, AccessTokens tokens, GmailConnector connector, CallBudget calls, SyncOptions options, TimeProvider time)
{
    private readonly ProviderBudget budget = ProviderBudgets.Gmail(options);

    /// <param name="priority">How much hurry its calls are in.</param>
    public GmailMailbox Of(
        TenantId tenant, ConnectionId connection, CallPriority priority = CallPriority.Interactive) => new(
        door,
        tokens.For(tenant, connection, connector),
        new CallEntrance(calls, budget, tenant, connection, priority),
        time);
}
