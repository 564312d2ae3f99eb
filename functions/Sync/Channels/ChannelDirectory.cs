using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Vault;

namespace PracticPro.Sync.Channels;

/// <summary>Which practice ordered a channel: asked by a notification, which names nothing but the channel.</summary>
internal static class ChannelDirectory
{
    private const string Directory = "sync-channel";

    public static ValueTask<FleetEntry?> FindAsync(
        FleetDirectory fleet, ChannelId channel, CancellationToken cancellation) =>
        fleet.FindAsync(Directory, channel.Text, cancellation);

    public static ValueTask<bool> ClaimAsync(
        FleetDirectory fleet, TenantId tenant, ChannelId channel, CancellationToken cancellation) =>
        fleet.ClaimAsync(Directory, channel.Text, new FleetEntry(tenant, channel.Text), cancellation);

    public static ValueTask ReleaseAsync(
        FleetDirectory fleet, TenantId tenant, ChannelId channel, CancellationToken cancellation) =>
        fleet.ReleaseAsync(Directory, channel.Text, new FleetEntry(tenant, channel.Text), cancellation);

    /// <summary>Every stored channel has its entry, for those who change the key of the directory.</summary>
    internal sealed class Listing : IFleetListing
    {
        public string Kind => SyncKinds.Channel.Documents.Name;

        public async ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation) =>
            await scope.FindAsync(SyncKinds.Channel, id, cancellation) is { Value: var channel }
                ? new FleetListed(Directory, channel.Id.Text, channel.Id.Text, IsHeld: true)
                : null;
    }
}
