using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// Whose account it is: one account belongs to one practice at each provider. Asked by a notification, which names nothing
/// but the account; and by who connects.
/// </summary>
internal static class AccountDirectory
{
    private static readonly Provider Gmail = Provider.Parse("gmail");

    /// <param name="account">A <see cref="Connectors.ConnectedAccount.Key"/>.</param>
    public static ValueTask<FleetEntry?> FindAsync(
        FleetDirectory fleet, Provider provider, string account, CancellationToken cancellation) =>
        fleet.FindAsync(NameOf(provider), account, cancellation);

    /// <summary>The same by hashes of <see cref="HashAsync"/>.</summary>
    public static ValueTask<FleetEntry?> FindAsync(
        FleetDirectory fleet, Provider provider, ImmutableArray<string> hashes, CancellationToken cancellation) =>
        fleet.FindAsync(NameOf(provider), hashes, cancellation);

    /// <summary>The account under every key it may be entered under, newest first; it cannot be read back.</summary>
    public static async ValueTask<ImmutableArray<string>> HashAsync(
        PlatformKeys platform, Provider provider, string account, CancellationToken cancellation) =>
        (await platform.HashAsync(NameOf(provider), account, cancellation)).Known;

    public static ValueTask<bool> ClaimAsync(
        FleetDirectory fleet, Provider provider, string account, FleetEntry entry, CancellationToken cancellation) =>
        fleet.ClaimAsync(NameOf(provider), account, entry, cancellation);

    public static ValueTask ReleaseAsync(
        FleetDirectory fleet, Provider provider, string account, FleetEntry entry, CancellationToken cancellation) =>
        fleet.ReleaseAsync(NameOf(provider), account, entry, cancellation);

    // The first one was named before there were others.
    private static string NameOf(Provider provider) => provider == Gmail ? "gmail-mailbox" : $"{provider}-account";

    /// <summary>
    /// A connection's account, for those who change the key of the directory. One that was disconnected may still have it: it
    /// is let go when its grant is given back.
    /// </summary>
    internal sealed class Listing : IFleetListing
    {
        public string Kind => SyncKinds.Connection.Documents.Name;

        public async ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation) =>
            await scope.FindAsync(SyncKinds.Connection, id, cancellation) is { Value: var connection }
                ? new FleetListed(
                    NameOf(connection.Provider), connection.Account.Key, connection.Id.Text,
                    IsHeld: connection.State != ConnectionState.Disconnected)
                : null;
    }
}
