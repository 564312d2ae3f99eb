using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Budgets;

/// <summary>The way to one account's calls at one provider, for one class of hurry.</summary>
internal sealed class CallEntrance(
    CallBudget calls, ProviderBudget budget, TenantId tenant, ConnectionId? account, CallPriority priority)
{
    /// <inheritdoc cref="CallBudget.EnterAsync"/>
    public ValueTask<Outcome<CallLease>> EnterAsync(int units, CancellationToken cancellation) =>
        calls.EnterAsync(budget, new CallOrder(tenant, account, units, priority), cancellation);
}
