using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Keys.Platform;
using PracticPro.Keys.Rotation;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>Registers this room: what is done to a tenant's keys, as the Vault is what is done with them.</summary>
internal static class KeysRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton(new RotationOptions())
        .AddSingleton<SealedKinds>()
        .AddSealedKinds(AuditValues.Sealed)
        .AddPlainKinds(KeyRotation.Documents, KeyLease.Documents, CheckpointState.Key.Kind)
        .AddSingleton<DescribeKeys>()
        .AddSingleton<BeginRotation>()
        .AddSingleton<AdvanceRotation>()
        .AddSingleton<RotateTenantKey>()
        .AddSingleton<MakeGenerations>()
        .AddSingleton<ResealPage>()
        .AddSingleton<CountPage>()
        .AddSingleton<RetireGenerations>()
        .AddSingleton<RotateKeysWhenDue>()
        .AddFunctions(typeof(RotateKeysWhenDue))
        .AddDurableWork(static registry => registry
            .AddOrchestration<RotateKeys>(RotateKeys.Name.Text)
            .AddActivity<RotateKeys.TakeStep>(RotateKeys.StepName.Text))
        .AddSingleton<LeaseWitness>()
        .AddSingleton<GrantLease>()
        .AddSingleton<RevokeLease>()
        .AddSingleton<EndLeases>()
        .AddSingleton<ReadUnderLease>()
        .AddSingleton<EnterFleet>()
        .AddSingleton<RotateFleetHash>();
}
