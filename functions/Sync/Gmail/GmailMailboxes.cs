using System.Collections.Concurrent;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Gmail;

/// <summary>Opens connected mailboxes. Each keeps one pace, however often it is opened.</summary>
internal sealed class GmailMailboxes(EgressDoor door, AccessTokens tokens, GmailConnector connector, SyncOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<ConnectionId, MailboxPace> paces = new();

    public GmailMailbox Of(TenantId tenant, ConnectionId connection) => new(
        door,
        tokens.For(tenant, connection, connector),
        paces.GetOrAdd(connection, _ => new MailboxPace(options.UnitsPerMinute, time)),
        time);
}
