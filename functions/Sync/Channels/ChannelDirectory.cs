using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Channels;

/// <summary>
/// Whose channel it is: asked by a notification that names nothing but a channel. Entered under our own id before the order
/// goes out, since the first notification may be faster than the answer; and under the provider's id once that is known.
/// </summary>
internal sealed class ChannelDirectory(FleetDirectory fleet, TenantScopes scopes)
{
    private const string Directory = "channel";

    /// <summary>The channel of that id, ours or the provider's, if the secret is its own; null otherwise, whatever the reason.</summary>
    /// <param name="offered">What came along with the notification.</param>
    public async Task<ProvenChannel?> ProveAsync(
        Provider provider, string? reference, string? offered, CancellationToken cancellation)
    {
        if (reference is not { Length: > 0 and <= 200 } || offered is not { Length: > 0 }
            || await fleet.FindAsync(Directory, ValueOf(provider, reference), cancellation) is not { } entry
            || await scopes.FindAsync(entry.Tenant, cancellation) is not { } scope)
        {
            return null;
        }

        return scope.Keys.IsWebhookSecret(entry.Reference, offered)
            && await scope.FindAsync(SyncKinds.Channel, entry.Reference, cancellation) is { Value: var kept }
            && kept.Provider == provider
            ? new ProvenChannel(entry.Tenant, kept)
            : null;
    }

    public async Task EnterAsync(TenantId tenant, KeptChannel channel, string reference, CancellationToken cancellation)
    {
        if (!await fleet.ClaimAsync(Directory, ValueOf(channel.Provider, reference), new FleetEntry(tenant, channel.Id.Text), cancellation))
        {
            throw new InvalidOperationException("A channel's id is another's.");
        }
    }

    /// <summary>Also what an order that failed had entered.</summary>
    public async Task LeaveAsync(TenantId tenant, KeptChannel channel, CancellationToken cancellation)
    {
        var entry = new FleetEntry(tenant, channel.Id.Text);
        await fleet.ReleaseAsync(Directory, ValueOf(channel.Provider, channel.Id.Text), entry, cancellation);
        if (channel.ProviderRef.Length > 0)
        {
            await fleet.ReleaseAsync(Directory, ValueOf(channel.Provider, channel.ProviderRef), entry, cancellation);
        }
    }

    private static string ValueOf(Provider provider, string reference) => $"{provider} {reference}";

    /// <summary>For those who change the key of the directory. The provider's id is entered anew with the next renewal.</summary>
    internal sealed class Listing : IFleetListing
    {
        public string Kind => SyncKinds.Channel.Documents.Name;

        public async ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation) =>
            await scope.FindAsync(SyncKinds.Channel, id, cancellation) is { Value: var channel }
                ? new FleetListed(
                    Directory,
                    ValueOf(channel.Provider, channel.ProviderRef.Length > 0 ? channel.ProviderRef : channel.Id.Text),
                    channel.Id.Text,
                    IsHeld: channel.State == ChannelState.Open)
                : null;
    }
}
