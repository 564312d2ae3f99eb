using PracticPro.Vault;

namespace PracticPro.Tasks;

/// <summary>Registers this room. Needs the grounds.</summary>
internal static class TaskRegistration
{
    public static IServiceCollection AddTasks(this IServiceCollection services) => services
        .AddSingleton<ReadTasks>()
        .AddSingleton<CompleteTask>()
        .AddSealedKinds(TaskKinds.Task.Sealed);
}
