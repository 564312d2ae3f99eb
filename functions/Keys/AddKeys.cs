using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Keys.Destruction;

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
