using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Registers this room. Needs the grounds and <see cref="AccessOptions"/>.</summary>
internal static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<CreatePractice>()
        .AddSingleton<SignIn>()
        .AddSingleton<SignInAtTheDoor>()
        .AddSingleton<DescribeSession>()
        .AddSealedKinds(AccessKinds.Person.Sealed, AccessKinds.Session.Sealed, AccessKinds.Practice.Sealed)
        .AddSingleton<Sessions>()
        .AddSingleton<EndAllSessions>()
        .AddSingleton<IFleetListing, SignInDirectory.Listing>()
        .AddSingleton<IFleetListing, TenantDirectory.Listing>();
}
