using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Keys.Destruction;
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
        .AddSealedKinds(AuditValues.Sealed, KeyEnd.Kind.Sealed, ShreddedSample.Kind.Sealed)
        .AddPlainKinds(KeyRotation.Documents, KeyLease.Documents, DestructionSteps.Marks, CheckpointState.Key.Kind)
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
        .AddSingleton<RotateFleetHash>()
        .AddSingleton<RotateSigningKey>()
        .AddDestruction();

    /// <summary>Needs <see cref="BackupTerms"/> from the wiring.</summary>
    private static IServiceCollection AddDestruction(this IServiceCollection services) => services
        .AddSingleton<DestructionShelf>()
        .AddSingleton<DestructionCertificates>()
        .AddSingleton<AskDestruction>()
        .AddSingleton<TryShredded>()
        .AddSingleton<DestructionSteps>()
        .AddSingleton<IShreddingStatus, ReadShredding>()
        .AddFunctions(typeof(TryShredded))
        .AddDurableWork(static registry => registry
            .AddOrchestration<DestroyKeys>(DestroyKeys.Name.Text)
            .AddActivity<DestroyKeys.TakeStep>(DestroyKeys.StepName.Text));
}
