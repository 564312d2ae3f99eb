using PracticPro.Durable.Execution;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Remote;

/// <summary>Registration of an engine elsewhere, in place of the embedded hub.</summary>
internal static class ScheduledRegistration
{
    /// <summary>After which a call that writes or reads one thing counts as not answered.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    /// <summary>The hub as a client sees it, its typed face, and a worker that runs with the program.</summary>
    /// <param name="door">Makes the way to the engine's address and to nothing else; the egress room's.</param>
    public static IServiceCollection AddScheduledDurable(
        this IServiceCollection services,
        SchedulerOptions options,
        Func<Uri, HttpMessageHandler> door)
    {
        services.AddDurableRegistry();
        services.AddSingleton<IHubChannel>(provider => new GrpcHubChannel(
            options.Address,
            new SchedulerHeaders(
                options.TaskHub,
                SchedulerTokens.Of(options, provider.GetRequiredService<TimeProvider>()),
                door(options.Address))));
        services.AddSingleton<IHub>(static provider => new RemoteHub(
            provider.GetRequiredService<IHubChannel>(),
            WireDialect.Plain,
            provider.GetRequiredService<TimeProvider>(),
            LongestCall));
        services.AddSingleton<HubClient>();
        services.AddSingleton(static provider => new RemoteWorker(
            provider.GetRequiredService<IHubChannel>(),
            provider.GetRequiredService<DurableRegistry>(),
            new ActivityRunner(
                provider.GetRequiredService<DurableRegistry>(),
                provider,
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("PracticPro.Durable")),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            new RemoteWorkerOptions()));
        return services.AddHostedService<RemoteWorkerHost>();
    }
}
