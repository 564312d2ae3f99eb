using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>
/// Which practices there are: asked before one is opened for somebody who only says a name. Opening makes what is not
/// there, so a made-up cookie would otherwise leave a store and keys behind for each practice it makes up.
/// </summary>
internal static class TenantDirectory
{
    private const string Directory = "tenant";

    public static ValueTask<bool> EnterAsync(
        FleetDirectory fleet, TenantId tenant, CancellationToken cancellation) =>
        fleet.ClaimAsync(Directory, tenant.Text, new FleetEntry(tenant, tenant.Text), cancellation);

    /// <summary>For a practice whose keys are destroyed: nobody can sign in there any more.</summary>
    public static ValueTask LeaveAsync(FleetDirectory fleet, TenantId tenant, CancellationToken cancellation) =>
        fleet.ReleaseAsync(Directory, tenant.Text, new FleetEntry(tenant, tenant.Text), cancellation);

    public static async ValueTask<bool> HasAsync(
        FleetDirectory fleet, TenantId tenant, CancellationToken cancellation) =>
        await fleet.FindAsync(Directory, tenant.Text, cancellation) is not null;

    /// <summary>A practice, for those who change the key of the directory.</summary>
    internal sealed class Listing : IFleetListing
    {
        public string Kind => AccessKinds.Practice.Documents.Name;

        public ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation) =>
            ValueTask.FromResult<FleetListed?>(new FleetListed(Directory, scope.Tenant.Text, scope.Tenant.Text, IsHeld: true));
    }
}
