using PracticPro.Durable;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Hosting.Standalone;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>Registration of the engine that the settings choose (decision 0013).</summary>
internal static class EngineRegistration
{
    /// <summary>Durable Task Scheduler when the settings name one, else the host's own workflow extension.</summary>
    public static IServiceCollection AddEngine(
        this IServiceCollection services, SchedulerOptions scheduler, IConfiguration configuration) =>
        scheduler.IsSet ? services.AddScheduler(scheduler) : services.AddExtension(configuration);

    /// <summary>Reached by every part of the program, so orders are carried in it, as on one machine.</summary>
    private static IServiceCollection AddScheduler(this IServiceCollection services, SchedulerOptions scheduler) => services
        .AddScheduledDurable(scheduler, static home => PlatformDoor.Only(home))
        .AddSingleton<CarryOrders>()
        .AddSingleton<IEngine, ScheduledEngine>()
        .AddHostedService<OutboxPump>();

    /// <summary>Reached only by the functions the host calls, so orders wait for one, and a queue wakes it.</summary>
    private static IServiceCollection AddExtension(this IServiceCollection services, IConfiguration configuration)
    {
        var queue = BellQueue.Open(configuration);
        return services
            .AddDurableRegistry()
            .AddSingleton<IEngine, ExtensionEngine>()
            .AddSingleton(queue)
            .AddHostedService<RingThroughQueue>();
    }
}
