using PracticPro.Audit;
using PracticPro.Sync.Connectors;
using PracticPro.Vault;

namespace PracticPro.Sync.Channels;

/// <summary>Finds who ordered the channel that a notification names. Says nothing about whether it is genuine.</summary>
internal sealed class HearChannel(FleetDirectory fleet, TenantScopes scopes)
{
    /// <summary>Null for a channel that nobody ordered, that was closed, or whose practice's keys were destroyed.</summary>
    public async ValueTask<(TenantScope Tenant, Channel Channel)?> FindAsync(ChannelId id, CancellationToken cancellation)
    {
        if (await ChannelDirectory.FindAsync(fleet, id, cancellation) is not { } entry
            || await scopes.FindAsync(entry.Tenant, cancellation) is not { } scope)
        {
            return null;
        }

        var stored = await scope.FindAsync(SyncKinds.Channel, id.Text, cancellation);
        return stored is null ? null : (scope, stored.Value);
    }
}
