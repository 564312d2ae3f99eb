namespace PracticPro.Storage.Drivers;

/// <summary>Registers the platform's queues. For Hosting only.</summary>
internal static class PlatformQueueRegistration
{
    /// <summary>None: all is in one process, or beside one store.</summary>
    public static IServiceCollection AddNoPlatformQueues(this IServiceCollection services) =>
        services.AddPlatformQueues(new NoPlatformQueues());

    /// <summary>Those of a storage account, opened before.</summary>
    public static IServiceCollection AddAzurePlatformQueues(this IServiceCollection services, AzureQueues.AzureQueues queues) =>
        services.AddPlatformQueues(queues);

    private static IServiceCollection AddPlatformQueues<T>(this IServiceCollection services, T queues)
        where T : IWebhookBuffer, IPlatformQueues => services
        .AddSingleton<IWebhookBuffer>(queues)
        .AddSingleton<IPlatformQueues>(queues);
}
