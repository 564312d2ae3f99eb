using PracticPro.Keys.Platform;

namespace PracticPro.Keys;

/// <summary>Registers this room: what is done to a tenant's keys, as the Vault is what is done with them.</summary>
internal static class KeysRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton<LeaseWitness>()
        .AddSingleton<GrantLease>()
        .AddSingleton<RevokeLease>()
        .AddSingleton<EndLeases>()
        .AddSingleton<ReadUnderLease>()
        .AddSingleton<EnterFleet>()
        .AddSingleton<RotateFleetHash>()
        .AddSingleton<RotateSigningKey>();
}
