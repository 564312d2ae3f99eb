using PracticPro.Durable;
using PracticPro.Hosting.Functions.Workflows;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>Registration of the engine that the settings choose (decision 0013).</summary>
internal static class EngineRegistration
{
    /// <summary>The host's own workflow extension, reached only by the functions it calls.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, IConfiguration configuration)
    {
        var queue = BellQueue.Open(configuration);
        return services
            .AddDurableRegistry()
            .AddSingleton<IEngine, ExtensionEngine>()
            .AddSingleton(queue)
            .AddHostedService<RingThroughQueue>();
    }
}
