using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Gmail;

/// <summary>Opens connected mailboxes. However often one is opened, its calls come out of one allowance.</summary>
internal sealed class GmailMailboxes(
    EgressDoor door, AccessTokens tokens, CallBudget calls, SyncOptions options, TimeProvider time)
{
    private readonly ProviderBudget budget = ProviderBudgets.Gmail(options);

    /// <param name="priority">How much hurry its calls are in.</param>
    public GmailMailbox Of(
        TenantId tenant, ConnectionId connection, CallPriority priority = CallPriority.Interactive) =>
        new(door, tokens.For(tenant, connection), EntranceOf(tenant, connection, priority), time);

    /// <summary>A mailbox by a grant that is not kept yet.</summary>
    public GmailMailbox With(TenantId tenant, Grant grant) =>
        new(door, new JustGranted(tenant, grant), EntranceOf(tenant, account: null, CallPriority.Interactive), time);

    private CallEntrance EntranceOf(TenantId tenant, ConnectionId? account, CallPriority priority) =>
        new(calls, budget, tenant, account, priority);

    private sealed class JustGranted(TenantId tenant, Grant grant) : IAccessTokens
    {
        public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<SealedToken>(grant.AccessFor(GoogleServices.Gmail, tenant)));

        public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<SealedToken>(new SyncFailures.GrantDead()));
    }
}
