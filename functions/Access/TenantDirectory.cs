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
        IFleet fleet, PlatformKeys platform, TenantId tenant, CancellationToken cancellation) =>
        fleet.ClaimAsync(KeyOf(platform, tenant), new FleetEntry(tenant, tenant.Text), cancellation);

    public static async ValueTask<bool> HasAsync(
        IFleet fleet, PlatformKeys platform, TenantId tenant, CancellationToken cancellation) =>
        await fleet.FindAsync(KeyOf(platform, tenant), cancellation) is not null;

    private static FleetKey KeyOf(PlatformKeys platform, TenantId tenant) =>
        new(Directory, platform.FleetHash(Directory, tenant.Text));
}
