using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Budgets;

/// <summary>One call that is to be made, or several that go as one.</summary>
/// <param name="Account">Whose allowance it is charged to; null before it is known whose account it is: the program's alone.</param>
/// <param name="Units">What the provider charges for it. At least 1.</param>
internal sealed record CallOrder(TenantId Tenant, ConnectionId? Account, int Units, CallPriority Priority)
{
    /// <summary>How many calls the provider sees at the same time: more than one where several go in one exchange.</summary>
    public int Calls { get; init; } = 1;
}
