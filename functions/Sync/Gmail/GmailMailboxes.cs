using System.Collections.Concurrent;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Gmail;

/// <summary>Opens connected mailboxes. Each keeps one pace, however often it is opened.</summary>
internal sealed class GmailMailboxes(EgressDoor door, AccessTokens tokens, SyncOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<ConnectionId, MailboxPace> paces = new();

    public GmailMailbox Of(TenantId tenant, ConnectionId connection) => new(
        door,
        tokens.For(tenant, connection),
        paces.GetOrAdd(connection, _ => new MailboxPace(options.UnitsPerMinute, time)),
        time);

    /// <summary>A mailbox by a grant that is not kept yet.</summary>
    public GmailMailbox With(TenantId tenant, Grant grant) =>
        new(door, new JustGranted(tenant, grant), new MailboxPace(options.UnitsPerMinute, time), time);

    /// <summary>The same, by its tokens.</summary>
    public GmailMailbox With(IAccessTokens justGranted) =>
        new(door, justGranted, new MailboxPace(options.UnitsPerMinute, time), time);

    private sealed class JustGranted(TenantId tenant, Grant grant) : IAccessTokens
    {
        public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<SealedToken>(grant.AccessFor(GoogleServices.Gmail, tenant)));

        public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<SealedToken>(new SyncFailures.GrantDead()));
    }
}
