using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>What is known of the practice's people by id.</summary>
internal static class People
{
    /// <summary>What the person's role allows today; nothing for somebody who is not there any more.</summary>
    public static async Task<ImmutableHashSet<Permission>> PermissionsOfAsync(
        TenantScope scope, PersonId person, CancellationToken cancellation)
    {
        var stored = await scope.FindAsync(AccessKinds.Person, person.Text, cancellation);
        return stored is null ? [] : Roles.PermissionsOf(stored.Value.Role);
    }
}
