using PracticPro.Durable.Embedded;

namespace PracticPro.Durable;

/// <summary>Adds what a room can run to the registry. Each room registers one.</summary>
internal delegate void DurableContribution(DurableRegistry registry);

/// <summary>Registration of the embedded hub.</summary>
internal static class DurableRegistration
{
    /// <summary>The hub, its client, and its start and stop with the host.</summary>
    public static IServiceCollection AddDurable(this IServiceCollection services, DurableOptions options)
    {
        options.Validate();
        services.AddDurableRegistry();
        services.AddSingleton(provider =>
            EmbeddedHub.Open(provider.GetRequiredService<DurableRegistry>(), provider, options));
        services.AddSingleton<IHub>(static provider => provider.GetRequiredService<EmbeddedHub>());
        services.AddSingleton<HubClient>();
        services.AddHostedService<DurableHost>();
        return services;
    }

    /// <summary>What can be run, from all that the rooms add.</summary>
    public static IServiceCollection AddDurableRegistry(this IServiceCollection services) => services.AddSingleton(static provider =>
    {
        var registry = new DurableRegistry();
        foreach (var contribute in provider.GetServices<DurableContribution>())
        {
            contribute(registry);
        }

        return registry;
    });

    /// <summary>What one room adds. May be called before or after the hub is added, any number of times.</summary>
    public static IServiceCollection AddDurableWork(
        this IServiceCollection services,
        DurableContribution contribution) =>
        services.AddSingleton(contribution);
}
