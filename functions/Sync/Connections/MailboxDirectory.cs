using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>Whose mailbox an address is: asked by a push, which names nothing but the address.</summary>
internal static class MailboxDirectory
{
    private const string Directory = "gmail-mailbox";

    public static ValueTask<FleetEntry?> FindAsync(
        FleetDirectory fleet, EmailAddress mailbox, CancellationToken cancellation) =>
        fleet.FindAsync(Directory, mailbox.Normalised, cancellation);

    /// <summary>The same by hashes of <see cref="HashAsync"/>.</summary>
    public static ValueTask<FleetEntry?> FindAsync(
        FleetDirectory fleet, ImmutableArray<string> hashes, CancellationToken cancellation) =>
        fleet.FindAsync(Directory, hashes, cancellation);

    /// <summary>The mailbox under every key it may be entered under, newest first; it cannot be read back.</summary>
    public static async ValueTask<ImmutableArray<string>> HashAsync(
        PlatformKeys platform, EmailAddress mailbox, CancellationToken cancellation) =>
        (await platform.HashAsync(Directory, mailbox.Normalised, cancellation)).Known;

    public static ValueTask<bool> ClaimAsync(
        FleetDirectory fleet, EmailAddress mailbox, FleetEntry entry, CancellationToken cancellation) =>
        fleet.ClaimAsync(Directory, mailbox.Normalised, entry, cancellation);

    public static ValueTask ReleaseAsync(
        FleetDirectory fleet, EmailAddress mailbox, FleetEntry entry, CancellationToken cancellation) =>
        fleet.ReleaseAsync(Directory, mailbox.Normalised, entry, cancellation);

    /// <summary>
    /// A connection's mailbox, for those who change the key of the directory. One that was disconnected may still have it: it
    /// is let go when its grant is given back.
    /// </summary>
    internal sealed class Listing : IFleetListing
    {
        public string Kind => SyncKinds.Connection.Documents.Name;

        public async ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation) =>
            await scope.FindAsync(SyncKinds.Connection, id, cancellation) is { Value: var connection }
                ? new FleetListed(
                    Directory, connection.Mailbox.Normalised, connection.Id.Text,
                    IsHeld: connection.State != ConnectionState.Disconnected)
                : null;
    }
}
