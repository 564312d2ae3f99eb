using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Budgets;

/// <summary>One call that is to be made.</summary>
/// <param name="Account">Whose allowance it is charged to; null before it is known whose account it is: the program's alone.</param>
/// <param name="Units">What the provider charges for it. At least 1.</param>
internal sealed record CallOrder(TenantId Tenant, ConnectionId? Account, int Units, CallPriority Priority);
