using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Budgets;

/// <summary>The way to one account's calls at one provider, for one class of hurry.</summary>
internal sealed class CallEntrance(
    CallBudget calls, ProviderBudget budget, TenantId tenant, ConnectionId? account, CallPriority priority)
{
    /// <inheritdoc cref="CallBudget.EnterAsync"/>
    public ValueTask<Outcome<CallLease>> EnterAsync(int units, CancellationToken cancellation) =>
        calls.EnterAsync(budget, Order(units), cancellation);

    /// <summary>For several calls that go as one.</summary>
    /// <param name="units">What all of them cost.</param>
    /// <inheritdoc cref="CallBudget.EnterAsync"/>
    public ValueTask<Outcome<CallLease>> EnterTogetherAsync(int units, int together, CancellationToken cancellation) =>
        calls.EnterAsync(budget, Order(units) with { Calls = together }, cancellation);

    /// <inheritdoc cref="ProviderGate.Most"/>
    public int Most(int units, int wanted) => calls.Most(budget, Order(units), wanted);

    private CallOrder Order(int units) => new(tenant, account, units, priority);
}
