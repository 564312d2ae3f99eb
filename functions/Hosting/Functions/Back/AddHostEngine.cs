using PracticPro.Durable;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Hosting.Standalone;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>Registration of the engine that the settings choose (decision 0014).</summary>
internal static class HostEngineRegistration
{
    public static IServiceCollection AddHostEngine(
        this IServiceCollection services, ProgramOptions options, IConfiguration configuration) =>
        options.Scheduler.IsSet ? services.AddScheduler(options.Scheduler) : services.AddExtension(configuration);

    /// <summary>An engine elsewhere: reached from anywhere in this process, so orders need no queue to come to it.</summary>
    private static IServiceCollection AddScheduler(this IServiceCollection services, SchedulerOptions options) => services
        .AddScheduledDurable(options, PlatformDoor.Only)
        .AddSingleton<IEngine, ScheduledEngine>()
        .AddSingleton<CarryOrders>()
        .AddHostedService<OutboxPump>();

    /// <summary>The host's own workflow extension, reached only by the functions it calls.</summary>
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
