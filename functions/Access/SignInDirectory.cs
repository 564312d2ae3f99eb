using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Which practice a sign-in name belongs to: asked before anybody is signed in.</summary>
internal static class SignInDirectory
{
    private const string Directory = "sign-in";

    public static ValueTask<FleetEntry?> FindAsync(
        FleetDirectory fleet, EmailAddress signInName, CancellationToken cancellation) =>
        fleet.FindAsync(Directory, signInName.Normalised, cancellation);

    public static ValueTask<bool> ClaimAsync(
        FleetDirectory fleet, EmailAddress signInName, FleetEntry entry, CancellationToken cancellation) =>
        fleet.ClaimAsync(Directory, signInName.Normalised, entry, cancellation);

    /// <summary>A person's sign-in name, for those who change the key of the directory.</summary>
    internal sealed class Listing : IFleetListing
    {
        public string Kind => AccessKinds.Person.Documents.Name;

        public async ValueTask<FleetListed?> FindAsync(TenantScope scope, string id, CancellationToken cancellation) =>
            await scope.FindAsync(AccessKinds.Person, id, cancellation) is { Value: var person }
                ? new FleetListed(Directory, person.SignInName.Normalised, person.Id.Text, IsHeld: true)
                : null;
    }
}
